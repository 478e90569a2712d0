package io.github.wslproxy.config;

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
 * Finds forwards whose connections come back to them, directly or through others: one client would open links until
 * every table is full. Followed port by port, as a range that is only shifted comes to an end.
 */
final class LoopCheck {
    private final AddressOverlap reach;
    private final Problems problems;
    private final Set<Set<Integer>> reported = new HashSet<>();

    /** One port of a listen entry. The forward is named by its place in the list, which is cheap to compare. */
    private record Door(int forward, Host listen, int port, int targetPort) {}

    LoopCheck(AddressOverlap reach, Problems problems) {
        this.reach = reach;
        this.problems = problems;
    }

    void check(List<ParsedForward> drafts) {
        for (Protocol protocol : Protocol.values()) {
            new Walk(drafts, protocol).everywhere();
        }
    }

    /** Depth first with its own stack: a chain can be as long as there are ports. */
    private final class Walk {
        private final List<ParsedForward> drafts;
        private final Map<Integer, List<Door>> doors = new HashMap<>();
        private final Set<Door> finished = new HashSet<>();
        private final Set<Door> onPath = new HashSet<>();
        private final List<Door> path = new ArrayList<>();
        private final Deque<Iterator<Door>> ahead = new ArrayDeque<>();

        Walk(List<ParsedForward> drafts, Protocol protocol) {
            this.drafts = drafts;
            for (int i = 0; i < drafts.size(); i++) {
                if (drafts.get(i).protocols().contains(protocol)) {
                    addDoors(i, drafts.get(i));
                }
            }
        }

        private void addDoors(int forward, ParsedForward draft) {
            if (draft.target().isEmpty()) {
                return;
            }
            for (Located<Endpoint> listen : draft.listens()) {
                int first = listen.value().ports().first();
                int shift = draft.target().get().ports().first() - first;
                for (int port = first; port <= listen.value().ports().last(); port++) {
                    doors.computeIfAbsent(port, p -> new ArrayList<>())
                            .add(new Door(forward, listen.value().host(), port, port + shift));
                }
            }
        }

        void everywhere() {
            doors.values().stream().flatMap(Collection::stream).forEach(this::from);
        }

        private void from(Door start) {
            enter(start);
            while (!path.isEmpty()) {
                Iterator<Door> next = ahead.element();
                if (next.hasNext()) {
                    step(next.next());
                } else {
                    leave();
                }
            }
        }

        private void step(Door next) {
            if (onPath.contains(next)) {
                report(path.subList(path.indexOf(next), path.size()));
            } else {
                enter(next);
            }
        }

        private void enter(Door door) {
            if (finished.contains(door)) {
                return;
            }
            path.add(door);
            onPath.add(door);
            ahead.push(behind(door).iterator());
        }

        private void leave() {
            Door door = path.remove(path.size() - 1);
            onPath.remove(door);
            finished.add(door);
            ahead.pop();
        }

        private List<Door> behind(Door door) {
            List<Door> there = doors.getOrDefault(door.targetPort(), List.of());
            if (there.isEmpty()) {
                return List.of(); // Without a look-up of the name.
            }
            Host target = drafts.get(door.forward()).target().orElseThrow().host();
            List<Door> next = new ArrayList<>();
            for (InetAddress address : reach.targets(target)) {
                List<Door> taking = there.stream()
                        .filter(other -> reach.arrives(address, other.listen()))
                        .toList();
                if (taking.isEmpty()) {
                    return List.of(); // A server may listen at this one: the relays pass over those that come back.
                }
                next.addAll(taking);
            }
            return next;
        }

        private void report(List<Door> cycle) {
            TreeSet<Integer> members = cycle.stream().map(Door::forward).collect(Collectors.toCollection(TreeSet::new));
            if (!reported.add(members)) {
                return;
            }
            List<Integer> order = cycle.stream().map(Door::forward).distinct().toList();
            int last = members.last();
            int turn = order.indexOf(last);
            List<Integer> chain = new ArrayList<>(order.subList(turn, order.size()));
            chain.addAll(order.subList(0, turn));
            chain.add(last);
            ParsedForward draft = drafts.get(last);
            String names = chain.stream()
                    .map(forward -> SafeText.quoted(drafts.get(forward).name()))
                    .collect(Collectors.joining(" -> "));
            problems.note(
                    draft.targetAt(),
                    draft.label() + ": target " + draft.target().orElseThrow() + " loops: " + names,
                    "a target that does not lead back");
        }
    }
}
