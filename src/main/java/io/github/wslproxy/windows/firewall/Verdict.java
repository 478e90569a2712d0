package io.github.wslproxy.windows.firewall;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the firewall does with {@link Incoming}. */
public sealed interface Verdict {

    /** Whether all of it comes in. */
    default boolean letsIn() {
        return this instanceof Allowed || this instanceof FirewallOff;
    }

    /**
     * The one that matters most of what happens at several places.
     *
     * @param verdicts at least one
     */
    static Verdict worst(List<Verdict> verdicts) {
        List<Class<? extends Verdict>> worstFirst = List.of(
                Blocked.class,
                AllBlocked.class,
                NoRule.class,
                NotKnown.class,
                SomeBlocked.class,
                Allowed.class,
                FirewallOff.class);
        return verdicts.stream()
                .min(Comparator.comparingInt(verdict -> worstFirst.indexOf(verdict.getClass())))
                .orElseThrow();
    }

    /** They are let in on networks of {@code profiles}. */
    record Allowed(FirewallRule rule, Set<NetworkCategory> profiles) implements Verdict {
        public Allowed {
            profiles = NetworkCategory.inOrder(profiles);
        }
    }

    /** A rule blocks all of them, which beats every rule that allows them. */
    record Blocked(FirewallRule rule) implements Verdict {}

    /**
     * A rule blocks some of them, as somebody may have meant it.
     *
     * @param others what happens to the others: {@link Allowed} or {@link FirewallOff}
     */
    record SomeBlocked(FirewallRule rule, Verdict others) implements Verdict {}

    /**
     * Everything that comes in is blocked, whatever the rules say: {@link FirewallProfile#allowRulesCount} is false.
     */
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
