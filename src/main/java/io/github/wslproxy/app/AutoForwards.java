package io.github.wslproxy.app;

import io.github.wslproxy.config.Settings;
import io.github.wslproxy.config.Settings.AutoSettings;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.wsl.GuestSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.event.Level;

/**
 * The forwards that {@code [auto]} asks for now: one for each port on which a server in WSL listens, from the look that
 * first saw it until some seconds after the last. It knows only the times and sockets that it is given, and acts on
 * nothing. One thread at a time uses it, and calls {@link #decide} after each look and each change of the settings.
 */
final class AutoForwards {
    /** Each forward takes a listener, and {@code [auto]} names too many ports if so many servers run at once. */
    static final int MOST = 64;

    /** A dev server that restarts is back within this time, and its forward has kept its clients. */
    private static final Duration STAYS = Duration.ofSeconds(10);

    /** One look may hit the moment in which a server restarts. */
    private static final int MISSED_LOOKS = 2;

    /** The most warnings about servers on localhost; each is said once, and nobody reads more of them. */
    private static final int MOST_SAID = 64;

    private static final Set<InetAddress> LOCALHOST = Set.of(IpLiteral.of("127.0.0.1"), IpLiteral.of("::1"));

    private static final Comparator<Place> IN_ORDER =
            Comparator.comparing(Place::port).thenComparing(Place::protocol);

    private final Map<Place, Seen> seen = new TreeMap<>(IN_ORDER);
    private final Set<Place> onLoopback = new HashSet<>();
    private final Set<Place> saidOnLoopback = new HashSet<>();
    private Settings settings;
    private Map<Place, Forward> forwarded = Map.of();
    private boolean saidTooMany;

    /** A port of one protocol. */
    private record Place(Protocol protocol, int port) {
        boolean isTakenBy(Forward forward) {
            return forward.protocols().contains(protocol)
                    && forward.listens().stream()
                            .anyMatch(listen -> listen.ports().overlaps(PortRange.of(port)));
        }

        String name() {
            return "auto-" + port + (protocol == Protocol.UDP ? "-udp" : "");
        }

        @Override
        public String toString() {
            return protocol + " port " + port;
        }
    }

    /** When a server was there last, and how many looks since have not seen it. */
    private record Seen(long nanoTime, int missed) {}

    /** One line for the log and the page. */
    record Note(Level level, String text) {}

    /**
     * What is to be done now.
     *
     * @param forwards the forwards to run, in the order of their ports; one that ran before is equal to what it was
     * @param notes what has changed since the last decision
     */
    record Decision(List<Forward> forwards, List<Note> notes) {
        Decision {
            forwards = List.copyOf(forwards);
            notes = List.copyOf(notes);
        }
    }

    AutoForwards(Settings settings) {
        this.settings = settings;
    }

    /** Goes on with other settings, which ask for no forward if they have no {@code [auto]}. */
    void change(Settings next) {
        settings = next;
    }

    /**
     * Takes in what a look into the VM has found.
     *
     * @param nanoTime the time of the look by a monotonic clock
     * @param vm where the VM is reached; empty if that is not known
     * @param sockets all that listen there
     */
    void look(long nanoTime, Optional<InetAddress> vm, List<GuestSocket> sockets) {
        // A loopback address is this computer: its servers are here already, where the listeners would be, too.
        boolean elsewhere = vm.filter(InetAddress::isLoopbackAddress).isEmpty();
        boolean byLocalhost = settings.auto().filter(AutoSettings::localhost).isPresent()
                && settings.wsl().localhost();
        Set<Place> heard = elsewhere
                ? places(sockets, socket -> isHeard(socket, vm) || (byLocalhost && isRelayed(socket)))
                : Set.of();
        seen.replaceAll((place, before) -> new Seen(before.nanoTime(), before.missed() + 1));
        heard.forEach(place -> seen.put(place, new Seen(nanoTime, 0)));
        seen.values().removeIf(last -> last.missed() >= MISSED_LOOKS && nanoTime - last.nanoTime() >= STAYS.toNanos());
        onLoopback.clear();
        if (elsewhere) {
            onLoopback.addAll(places(sockets, socket -> socket.address().isLoopbackAddress()));
            onLoopback.removeAll(heard);
        }
    }

    private static Set<Place> places(List<GuestSocket> sockets, Predicate<GuestSocket> which) {
        return sockets.stream()
                .filter(which)
                .filter(socket -> socket.port() > 0)
                .map(socket -> new Place(socket.protocol(), socket.port()))
                .collect(Collectors.toSet());
    }

    /** Whether WSL's relay on localhost of Windows leads to the server, as to none on 127.0.0.53. */
    private static boolean isRelayed(GuestSocket socket) {
        return socket.protocol() == Protocol.TCP && LOCALHOST.contains(socket.address());
    }

    /** A server on the address of a Docker bridge is not reached at that of the VM. */
    private static boolean isHeard(GuestSocket socket, Optional<InetAddress> vm) {
        return vm.map(socket::hears).orElse(!socket.address().isLoopbackAddress());
    }

    /** @param others the forwards that somebody asked for; they win where they have the port or the name */
    Decision decide(List<Forward> others) {
        List<Note> notes = new ArrayList<>();
        Map<Place, Forward> next = wanted(others, notes);
        next.keySet().stream()
                .filter(place -> !forwarded.containsKey(place))
                .map(place -> note(Level.INFO, place, "a server appeared, now forwarded as " + place.name()))
                .forEach(notes::add);
        forwarded.keySet().stream()
                .filter(place -> !next.containsKey(place))
                .map(place -> note(Level.INFO, place, "no longer forwarded: " + whyGone(place, others)))
                .forEach(notes::add);
        settings.auto().ifPresent(auto -> sayOnLoopback(auto, others, notes));
        forwarded = next;
        return new Decision(List.copyOf(next.values()), notes);
    }

    private Map<Place, Forward> wanted(List<Forward> others, List<Note> notes) {
        Map<Place, Forward> next = new LinkedHashMap<>();
        if (settings.auto().isEmpty()) {
            return next;
        }
        AutoSettings auto = settings.auto().get();
        List<Place> wanted = seen.keySet().stream()
                .filter(place -> auto.wants(place.protocol(), place.port()))
                .filter(place -> !isTaken(place, others))
                .toList();
        // What is forwarded already keeps its place.
        Set<Place> chosen = wanted.stream()
                .sorted(Comparator.comparing((Place place) -> !forwarded.containsKey(place)))
                .limit(MOST)
                .collect(Collectors.toSet());
        wanted.stream().filter(chosen::contains).forEach(place -> next.put(place, forward(place, auto)));
        if (wanted.size() > MOST && !saidTooMany) {
            saidTooMany = true;
            notes.add(new Note(
                    Level.WARN,
                    wanted.size() + " servers in WSL listen on ports of [auto], and " + MOST
                            + " are forwarded at most; name fewer ports, or give those you need a [[forward]]"));
        }
        return next;
    }

    private boolean isTaken(Place place, List<Forward> others) {
        boolean isStatus = place.protocol() == Protocol.TCP
                && settings.status()
                        .listen()
                        .filter(page -> page.getPort() == place.port())
                        .isPresent();
        return isStatus
                || others.stream()
                        .anyMatch(
                                other -> place.isTakenBy(other) || other.name().equals(place.name()));
    }

    private Forward forward(Place place, AutoSettings auto) {
        return Forward.everywhere(
                place.name(),
                Set.of(place.protocol()),
                PortRange.of(place.port()),
                auto.access(),
                auto.timeouts(),
                auto.limits(),
                settings.defaults().proxyProtocol());
    }

    private String whyGone(Place place, List<Forward> others) {
        if (!seen.containsKey(place)) {
            return "its server has ended";
        }
        return isTaken(place, others) ? "another forward has the port" : "[auto] does not ask for it any more";
    }

    private void sayOnLoopback(AutoSettings auto, List<Forward> others, List<Note> notes) {
        onLoopback.stream()
                .sorted(IN_ORDER)
                .filter(place -> auto.wants(place.protocol(), place.port()))
                .filter(place -> !isTaken(place, others))
                .filter(place -> saidOnLoopback.size() < MOST_SAID && saidOnLoopback.add(place))
                .map(place -> note(
                        Level.WARN,
                        place,
                        "not forwarded, as its server listens on localhost only; let it listen on 0.0.0.0, often by"
                                + " --host 0.0.0.0"
                                + (settings.wsl().localhost() ? ", or set localhost = true in [auto]" : "")))
                .forEach(notes::add);
    }

    private static Note note(Level level, Place place, String what) {
        return new Note(level, "WSL " + place + ": " + what);
    }
}
