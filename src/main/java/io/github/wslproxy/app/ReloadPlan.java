package io.github.wslproxy.app;

import io.github.wslproxy.config.Settings;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Protocol;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an edited configuration asks of the relays that run: one step for each forward and protocol, so that what did not
 * change is not touched.
 *
 * @param steps those that close come before those that open, because an address may pass from one forward to another
 * @param wsl whether the VM is to be found in another way
 * @param limits whether those of the whole program change
 * @param status whether the status address moves
 * @param log whether another level or file is asked for
 */
record ReloadPlan(List<Step> steps, boolean wsl, boolean limits, boolean status, boolean log) {

    /** What happens to one relay. */
    sealed interface Step {
        Protocol protocol();
    }

    /** It is no longer wanted. */
    record Remove(Protocol protocol, Forward before) implements Step {}

    /** It goes on with other settings, and keeps each socket whose address is still wanted. */
    record Change(Protocol protocol, Forward before, Forward after) implements Step {
        /** Where its lists stand is for messages only: nobody calls that a change. */
        private boolean isWorthTelling() {
            return !before.isLike(after);
        }
    }

    /** It goes on as it is. */
    record Keep(Protocol protocol, Forward forward) implements Step {}

    /** It is new. */
    record Add(Protocol protocol, Forward after) implements Step {}

    /** The likeness by which a forward is known again after an edit, the surest first. */
    private static final List<BiPredicate<Forward, Forward>> LIKENESS = List.of(
            Forward::isLike,
            (before, after) -> before.listens().equals(after.listens()),
            ReloadPlan::shareAnAddress,
            (before, after) -> before.name().equals(after.name()));

    static ReloadPlan of(Settings before, Settings after) {
        Map<Protocol, Map<Forward, Forward>> known = new EnumMap<>(Protocol.class);
        for (Protocol protocol : Protocol.values()) {
            known.put(protocol, match(with(protocol, before), with(protocol, after)));
        }
        List<Step> steps = new ArrayList<>();
        known.forEach((protocol, pairs) -> {
            HashSet<Forward> stay = new HashSet<>(pairs.values());
            with(protocol, before).stream()
                    .filter(forward -> !stay.contains(forward))
                    .forEach(forward -> steps.add(new Remove(protocol, forward)));
        });
        known.forEach((protocol, pairs) -> with(protocol, after)
                .forEach(forward -> steps.add(step(protocol, Optional.ofNullable(pairs.get(forward)), forward))));
        return new ReloadPlan(
                List.copyOf(steps),
                !before.wsl().equals(after.wsl()),
                !before.limits().equals(after.limits()),
                !before.status().equals(after.status()),
                !before.log().equals(after.log()));
    }

    /** The changes in a few words, such as {@code 1 added, 2 changed}; empty if nothing changes. */
    String summary() {
        return Stream.of(
                        count("added", Add.class::isInstance),
                        count("removed", Remove.class::isInstance),
                        count("changed", step -> step instanceof Change change && change.isWorthTelling()),
                        wsl ? "[wsl] changed" : "",
                        limits ? "[limits] changed" : "",
                        status ? "[status] changed" : "",
                        log ? "[log] changed" : "")
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private String count(String word, Predicate<Step> which) {
        long count = steps.stream().filter(which).count();
        return count == 0 ? "" : count + " " + word;
    }

    private static List<Forward> with(Protocol protocol, Settings settings) {
        return settings.forwards().stream()
                .filter(forward -> forward.protocols().contains(protocol))
                .toList();
    }

    /** For each forward of {@code after} that is known again, the one of {@code before} that it was. */
    private static Map<Forward, Forward> match(List<Forward> before, List<Forward> after) {
        Map<Forward, Forward> pairs = new LinkedHashMap<>();
        List<Forward> left = new ArrayList<>(before);
        for (BiPredicate<Forward, Forward> alike : LIKENESS) {
            for (Forward next : after) {
                if (!pairs.containsKey(next)) {
                    left.stream()
                            .filter(one -> alike.test(one, next))
                            .findFirst()
                            .ifPresent(one -> {
                                pairs.put(next, one);
                                left.remove(one);
                            });
                }
            }
        }
        return pairs;
    }

    private static boolean shareAnAddress(Forward before, Forward after) {
        return before.listens().stream()
                .anyMatch(one -> after.listens().stream().anyMatch(other -> overlap(one, other)));
    }

    private static boolean overlap(Endpoint one, Endpoint other) {
        return one.host().equals(other.host()) && one.ports().overlaps(other.ports());
    }

    private static Step step(Protocol protocol, Optional<Forward> before, Forward after) {
        if (before.isEmpty()) {
            return new Add(protocol, after);
        }
        return before.get().equals(after) ? new Keep(protocol, after) : new Change(protocol, before.get(), after);
    }
}
