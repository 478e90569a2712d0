package io.github.wslproxy.forward;

import java.util.Locale;

/** The transport protocols that are forwarded. */
public enum Protocol {
    TCP,
    UDP;

    /** The word used in proxy.toml and in output: {@code tcp} or {@code udp}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
