package io.github.wslproxy.doctor;

import java.util.Locale;

/** The links of the chain, in its order. Their names are a promise to programs that read {@code doctor --json}. */
public enum ChainLink {
    CONFIGURATION,
    JAVA,
    EXCLUSIVE_BIND,
    KEEP_ALIVE,
    ACCOUNT,
    RUNNING,
    LOGON_TASK,
    WSL,
    DISTRIBUTION,
    VM,
    MODE,
    ADDRESS,
    /** Each forward has its own link from here to {@link #LAN}. */
    LISTENING,
    /** A connection of this computer comes through the relay. */
    RELAY,
    TARGET,
    /** Who listens inside the VM. */
    SERVER,
    /** What the running proxy refused or lost last. */
    LAST_PROBLEM,
    NETWORK_PROFILE,
    FIREWALL_RULE,
    FIREWALL_POLICY,
    /** What the forward itself lets the LAN do. */
    LAN,
    /** All forwards share this link and the next. */
    VPN,
    WIFI;

    /** The word in JSON: {@code network-profile}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
