package io.github.wslproxy.app;

import io.github.wslproxy.config.Settings;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.status.Snapshot.Origin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is to run: what the file says, and what has come beside it since. Where two want one port, the file goes before
 * a share, and a share before what has appeared.
 *
 * @param paused names of forwards that are to accept nobody
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
     * Another configuration. A share follows its {@code [defaults]}, and ends if a word of its allow lets in more than
     * they do, or if the file takes its port. The pause of a forward that has gone is over.
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

    /** A server that restarts appears again, and so stays paused. */
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

    ForwardSet paused(String name, boolean pause) {
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

    /** What has a port of {@code forward} already, or its name. */
    Optional<Forward> inTheWay(Forward forward) {
        return inTheWay(forward, effective().forwards());
    }

    private static Optional<Forward> inTheWay(Forward forward, List<Forward> others) {
        return others.stream()
                .filter(other -> other.name().equals(forward.name()) || collide(other, forward))
                .findFirst();
    }

    /** By port alone: whether two addresses may be listened on beside each other depends on the system. */
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
}
