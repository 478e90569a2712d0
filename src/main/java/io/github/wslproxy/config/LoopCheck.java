package io.github.wslproxy.config;

import io.github.wslproxy.config.TomlTableReader.Located;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.SafeText;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Finds forwards whose connections come back to them, directly or through others: one client would open connections
 * until every table is full. Each port is followed by itself, as a range that is only shifted comes to an end.
 */
final class LoopCheck {
    private final AddressOverlap overlap;
    private final Problems problems;
    private final Set<Set<Integer>> reported = new HashSet<>();

    /** One port of a listen entry. The forward is named by its index in the list, which is cheap to compare. */
    private record ListenPort(int index, Host listen, int port, int targetPort) {}

    LoopCheck(AddressOverlap overlap, Problems problems) {
        this.overlap = overlap;
        this.problems = problems;
    }

    void check(List<ParsedForward> forwards) {
        for (Protocol protocol : Protocol.values()) {
            new Walk(forwards, protocol).everywhere();
        }
    }

    /** Goes depth first, with a stack of its own, as a chain can be as long as there are ports. */
    private final class Walk {
        private final List<ParsedForward> forwards;
        private final Map<Integer, List<ListenPort>> listenPorts = new HashMap<>();
        private final Set<ListenPort> finished = new HashSet<>();
        private final Set<ListenPort> onPath = new HashSet<>();
        private final List<ListenPort> path = new ArrayList<>();
        private final Deque<Iterator<ListenPort>> ahead = new ArrayDeque<>();

        Walk(List<ParsedForward> forwards, Protocol protocol) {
            this.forwards = forwards;
            for (int i = 0; i < forwards.size(); i++) {
                if (forwards.get(i).protocols().contains(protocol)) {
                    addListenPorts(i, forwards.get(i));
                }
            }
        }

        private void addListenPorts(int index, ParsedForward forward) {
            if (forward.target().isEmpty()) {
                return;
            }
            for (Located<Endpoint> listen : forward.listens()) {
                int first = listen.value().ports().first();
                int shift = forward.target().get().ports().first() - first;
                for (int port = first; port <= listen.value().ports().last(); port++) {
                    listenPorts
                            .computeIfAbsent(port, p -> new ArrayList<>())
                            .add(new ListenPort(index, listen.value().host(), port, port + shift));
                }
            }
        }

        void everywhere() {
            listenPorts.values().stream().flatMap(Collection::stream).forEach(this::from);
        }

        private void from(ListenPort start) {
            enter(start);
            while (!path.isEmpty()) {
                Iterator<ListenPort> next = ahead.element();
                if (next.hasNext()) {
                    step(next.next());
                } else {
                    leave();
                }
            }
        }

        private void step(ListenPort next) {
            if (onPath.contains(next)) {
                report(path.subList(path.indexOf(next), path.size()));
            } else {
                enter(next);
            }
        }

        private void enter(ListenPort at) {
            if (finished.contains(at)) {
                return;
            }
            path.add(at);
            onPath.add(at);
            ahead.push(behind(at).iterator());
        }

        private void leave() {
            ListenPort at = path.remove(path.size() - 1);
            onPath.remove(at);
            finished.add(at);
            ahead.pop();
        }

        private List<ListenPort> behind(ListenPort at) {
            List<ListenPort> there = listenPorts.getOrDefault(at.targetPort(), List.of());
            if (there.isEmpty()) {
                return List.of(); // No name needs a look-up then.
            }
            Host target = forwards.get(at.index()).target().orElseThrow().host();
            List<ListenPort> next = new ArrayList<>();
            for (InetAddress address : overlap.targets(target)) {
                List<ListenPort> taking = there.stream()
                        .filter(other -> overlap.arrives(address, other.listen()))
                        .toList();
                if (taking.isEmpty()) {
                    return List
                            .of(); // A server may listen at this address: the relays pass over the addresses that come
                    // back.
                }
                next.addAll(taking);
            }
            return next;
        }

        private void report(List<ListenPort> cycle) {
            TreeSet<Integer> members =
                    cycle.stream().map(ListenPort::index).collect(Collectors.toCollection(TreeSet::new));
            if (!reported.add(members)) {
                return;
            }
            List<Integer> order =
                    cycle.stream().map(ListenPort::index).distinct().toList();
            int last = members.last();
            int turn = order.indexOf(last);
            List<Integer> chain = new ArrayList<>(order.subList(turn, order.size()));
            chain.addAll(order.subList(0, turn));
            chain.add(last);
            ParsedForward forward = forwards.get(last);
            String names = chain.stream()
                    .map(index -> SafeText.quoted(forwards.get(index).name()))
                    .collect(Collectors.joining(" -> "));
            problems.note(
                    forward.targetAt(),
                    forward.label() + ": target " + forward.target().orElseThrow() + " loops: " + names,
                    "a target that does not lead back");
        }
    }
}
