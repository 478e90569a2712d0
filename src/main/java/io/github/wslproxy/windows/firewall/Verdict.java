package io.github.wslproxy.windows.firewall;

import java.util.Optional;
import java.util.Set;

/** What the firewall does with clients of the LAN that come to a port. */
public sealed interface Verdict {

    /** They are let in on networks of {@code profiles}. */
    record Allowed(FirewallRule rule, Set<NetworkCategory> profiles) implements Verdict {
        public Allowed {
            profiles = NetworkCategory.inOrder(profiles);
        }
    }

    /** A rule blocks them, which beats every rule that allows them. */
    record Blocked(FirewallRule rule) implements Verdict {}

    /** Everything that comes in is blocked, whatever the rules say: {@link FirewallProfile#allowRulesCount} is false. */
    record AllBlocked(NetworkCategory profile) implements Verdict {}

    /**
     * No rule lets them in, so they are blocked.
     *
     * @param ignored a rule of this computer that would, were it not that a policy has such rules ignored
     */
    record NoRule(Optional<FirewallRule> ignored) implements Verdict {}

    /** The firewall is off, or set to let in what no rule blocks. */
    record FirewallOff(NetworkCategory profile) implements Verdict {}

    /**
     * It cannot be told.
     *
     * @param why in words, without a full stop
     */
    record NotKnown(String why) implements Verdict {}
}
