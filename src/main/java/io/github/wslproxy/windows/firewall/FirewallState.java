package io.github.wslproxy.windows.firewall;

import io.github.wslproxy.forward.Protocol;
import java.util.List;
import java.util.Optional;

/**
 * What the firewall is set to.
 *
 * @param inbound the rules in force about TCP and UDP that comes in, for programs as wslproxy is one
 * @param profiles at most one of each category
 * @param networks those that this computer is connected to now
 */
public record FirewallState(
        List<FirewallRule> inbound, List<FirewallProfile> profiles, List<ConnectedNetwork> networks) {

    public FirewallState {
        inbound = List.copyOf(inbound);
        profiles = List.copyOf(profiles);
        networks = List.copyOf(networks);
    }

    /**
     * What happens to clients of the LAN that come to {@code port}, on the networks that this computer is connected to, or
     * on private ones if it is connected to none. If they differ, the one that lets clients in counts.
     *
     * @param program the absolute path of the program that listens, java.exe or javaw.exe; empty: only rules for every
     *     program count
     */
    public Verdict verdict(Protocol protocol, int port, Optional<String> program) {
        return new Verdict.NotKnown("the rules cannot be read yet");
    }

    /** The same on networks of one category, whether there is one or not. */
    public Verdict verdict(Protocol protocol, int port, Optional<String> program, NetworkCategory profile) {
        return new Verdict.NotKnown("the rules cannot be read yet");
    }
}
