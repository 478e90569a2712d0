package io.github.wslproxy.app;

import io.github.wslproxy.config.Settings;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Protocol;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a change asks of the relays that run: one step for each forward and protocol, so that what did not change is not
 * touched.
 *
 * @param steps those that close come before those that open, because an address may pass from one forward to another
 * @param wsl whether the way to find the VM changes
 * @param limits whether the limits of the whole program change
 * @param status whether the status address moves
 * @param log whether the level or the file of the log changes
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
        /**
         * A forward may differ only in the line of the file that its messages name. That is no change to tell.
         */
        private boolean isWorthTelling() {
            return !before.isLike(after);
        }
    }

    /** It goes on as it is. */
    record Keep(Protocol protocol, Forward forward) implements Step {}

    /** It is new. */
    record Add(Protocol protocol, Forward after) implements Step {}

    /** The most names in a line of the log. */
    private static final int MOST_NAMES = 10;

    /** By what a forward is known again after an edit, the surest first. */
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

    /**
     * The changes with their names, such as {@code added web, removed ssh, changed vite}; empty if nothing changes.
     *
     * @param inFile the forwards of the file before: others give way to those of the file and are left out
     */
    String summary(List<Forward> inFile) {
        Set<String> before = names(inFile);
        Set<String> gone = new LinkedHashSet<>();
        Set<String> there = new LinkedHashSet<>();
        for (Step step : steps) {
            if (step instanceof Remove remove && before.contains(remove.before().name())) {
                gone.add(remove.before().name());
            } else if (step instanceof Add add) {
                there.add(add.after().name());
            } else if (step instanceof Change change && change.isWorthTelling()) {
                if (before.contains(change.before().name())) {
                    gone.add(change.before().name());
                }
                there.add(change.after().name());
            }
        }
        Set<String> kept = kept();
        return Stream.of(
                        listed("added ", there, name -> !before.contains(name)),
                        listed("removed ", gone, name -> !there.contains(name) && !kept.contains(name)),
                        listed("changed ", there, before::contains),
                        listed("changed ", gone, kept::contains),
                        wsl ? "[wsl] changed" : "",
                        limits ? "[limits] changed" : "",
                        status ? "[status] changed" : "",
                        log ? "[log] changed" : "")
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
    }

    /** The names of the forwards that go on as they are, with one protocol at least. */
    private Set<String> kept() {
        return steps.stream()
                .flatMap(step -> step instanceof Keep keep
                        ? Stream.of(keep.forward().name())
                        : step instanceof Change change && !change.isWorthTelling()
                                ? Stream.of(change.after().name())
                                : Stream.empty())
                .collect(Collectors.toSet());
    }

    private static Set<String> names(List<Forward> forwards) {
        return forwards.stream().map(Forward::name).collect(Collectors.toSet());
    }

    private static String listed(String word, Set<String> names, Predicate<String> which) {
        List<String> listed = names.stream().filter(which).toList();
        if (listed.isEmpty()) {
            return "";
        }
        String first = listed.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        String more = listed.size() > MOST_NAMES ? " and " + (listed.size() - MOST_NAMES) + " more" : "";
        return word + first + more;
    }

    private static List<Forward> with(Protocol protocol, Settings settings) {
        return settings.forwards().stream()
                .filter(forward -> forward.protocols().contains(protocol))
                .toList();
    }

    /** Maps each forward of {@code after} to the one of {@code before} that it was, if there is one. */
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
