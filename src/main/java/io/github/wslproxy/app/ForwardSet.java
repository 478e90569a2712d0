package io.github.wslproxy.app;

import io.github.wslproxy.config.ForwardDefaults;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.status.AdminApi.ShareRequest;
import io.github.wslproxy.status.Snapshot.Origin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The forwards that are to run: those of the file, the shares, and those that {@code [auto]} has added. If two want one
 * port, the file wins over a share, and a share over {@code [auto]}.
 *
 * @param appeared the forwards of {@code [auto]}
 * @param paused the names of the forwards that are to accept nobody
 */
record ForwardSet(Settings file, List<Share> shares, List<Forward> appeared, Set<String> paused) {

    ForwardSet {
        shares = List.copyOf(shares);
        appeared = List.copyOf(appeared);
        paused = Set.copyOf(paused);
    }

    static ForwardSet of(Settings file) {
        return new ForwardSet(file, List.of(), List.of(), Set.of());
    }

    /**
     * Goes on with another configuration. A share follows its {@code [defaults]}, and ends if a word of its allow lets
     * in more than they do, or if the file takes its port. A forward that is gone, or has another name, is no
     * longer paused.
     */
    ForwardSet withFile(Settings next) {
        List<Share> left = shares.stream()
                .flatMap(share -> inside(next, share).stream())
                .filter(share -> next.forwards().stream().noneMatch(forward -> collide(forward, share.forward())))
                .toList();
        Set<String> gone = new HashSet<>(namesBesideAppeared());
        ForwardSet live = new ForwardSet(next, left, appeared, paused);
        gone.removeAll(live.namesBesideAppeared());
        return new ForwardSet(next, left, appeared, minus(paused, gone));
    }

    private static Optional<Share> inside(Settings next, Share share) {
        try {
            return Optional.of(Share.of(share.request(), share.end(), next.defaults()));
        } catch (IllegalArgumentException wider) {
            return Optional.empty();
        }
    }

    /** Without those of {@code [auto]}: a server in WSL that was paused and restarts is still paused. */
    private Set<String> namesBesideAppeared() {
        return Stream.concat(file.forwards().stream(), shares.stream().map(Share::forward))
                .map(Forward::name)
                .collect(Collectors.toSet());
    }

    ForwardSet with(Share share) {
        ForwardSet others = without(share.name());
        List<Share> more = new ArrayList<>(others.shares);
        more.add(share);
        return new ForwardSet(file, more, appeared, others.paused);
    }

    ForwardSet without(String share) {
        List<Share> left =
                shares.stream().filter(one -> !one.name().equals(share)).toList();
        return new ForwardSet(file, left, appeared, minus(paused, Set.of(share)));
    }

    ForwardSet withAppeared(List<Forward> now) {
        return new ForwardSet(file, shares, now, paused);
    }

    ForwardSet withPause(String name, boolean pause) {
        Set<String> names = new HashSet<>(paused);
        if (pause) {
            names.add(name);
        } else {
            names.remove(name);
        }
        return new ForwardSet(file, shares, appeared, names);
    }

    /** Everything that is to run, as if all of it stood in the file. */
    Settings effective() {
        List<Forward> all = new ArrayList<>(file.forwards());
        shares.forEach(share -> addUnlessTaken(share.forward(), all));
        appeared.forEach(forward -> addUnlessTaken(forward, all));
        return file.with(all);
    }

    private static void addUnlessTaken(Forward forward, List<Forward> all) {
        if (inTheWay(forward, all).isEmpty()) {
            all.add(forward);
        }
    }

    /** The forward that has a port of {@code forward} already, or its name. */
    Optional<Forward> inTheWay(Forward forward) {
        return inTheWay(forward, effective().forwards());
    }

    private static Optional<Forward> inTheWay(Forward forward, List<Forward> others) {
        return others.stream()
                .filter(other -> other.name().equals(forward.name()) || collide(other, forward))
                .findFirst();
    }

    /** Compares the ports only, because it depends on the system which addresses can be listened on side by side. */
    private static boolean collide(Forward one, Forward other) {
        boolean protocol = one.protocols().stream().anyMatch(other.protocols()::contains);
        return protocol && ports(one).anyMatch(mine -> ports(other).anyMatch(mine::overlaps));
    }

    private static Stream<PortRange> ports(Forward forward) {
        return forward.listens().stream().map(Endpoint::ports);
    }

    Set<String> names() {
        return effective().forwards().stream().map(Forward::name).collect(Collectors.toSet());
    }

    Origin origin(Forward forward) {
        if (shares.stream().anyMatch(share -> share.forward().equals(forward))) {
            return Origin.SHARE;
        }
        return appeared.contains(forward) ? Origin.AUTO : Origin.FILE;
    }

    Optional<Instant> endsAt(Forward forward) {
        return shares.stream()
                .filter(share -> share.forward().equals(forward))
                .map(share -> share.end().at())
                .findFirst();
    }

    private static Set<String> minus(Set<String> all, Set<String> without) {
        return all.stream().filter(name -> !without.contains(name)).collect(Collectors.toSet());
    }

    /**
     * A port that is shared for a time.
     *
     * @param end when it is over
     * @param forward carries it out, with what the {@code [defaults]} say now
     */
    record Share(ShareRequest request, End end, Forward forward) {

        /**
         * Makes the share that a request asks for.
         *
         * @throws IllegalArgumentException if {@code defaults} let in fewer than the request asks for; the message is
         *     for the user
         */
        static Share of(ShareRequest request, End end, ForwardDefaults defaults) {
            PortRange port = PortRange.of(request.port());
            Access access = request.allow().isEmpty() ? defaults.access() : defaults.narrowed(request.allow());
            Forward forward = Forward.everywhere(
                    request.name(),
                    request.protocols(),
                    port,
                    access,
                    defaults.timeouts(),
                    defaults.limits(),
                    defaults.proxyProtocol());
            return new Share(request, end, forward);
        }

        /**
         * The earlier of two moments, because either clock may be late: somebody may set back that of the computer, and
         * the other one stands still while the computer sleeps.
         *
         * @param at by the clock of the computer
         * @param nanos as {@link System#nanoTime} counts
         */
        record End(Instant at, long nanos) {
            static End after(Duration length, Instant now, long nanoTime) {
                return new End(now.plus(length), nanoTime + length.toNanos());
            }

            /** How long it still lasts; zero or less when it is over. */
            Duration left(Instant now, long nanoTime) {
                Duration byClock = Duration.between(now, at);
                Duration byNanos = Duration.ofNanos(nanos - nanoTime);
                return byClock.compareTo(byNanos) < 0 ? byClock : byNanos;
            }
        }

        String name() {
            return forward.name();
        }
    }
}
