package io.github.wslproxy.config;

import io.github.wslproxy.config.Settings.StatusSettings;
import io.github.wslproxy.config.TomlTableReader.Located;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds forwards that want the same name or the same address; the later one in the file is in the wrong. */
final class ConflictCheck {
    private final AddressOverlap overlap;
    private final Problems problems;
    private final List<Entry> earlier = new ArrayList<>();
    private final Set<ParsedForward> withoutPlace = new HashSet<>();

    private record Entry(ParsedForward owner, Located<Endpoint> listen) {
        Host host() {
            return listen.value().host();
        }

        PortRange ports() {
            return listen.value().ports();
        }
    }

    ConflictCheck(AddressOverlap overlap, Problems problems) {
        this.overlap = overlap;
        this.problems = problems;
    }

    void check(List<ParsedForward> forwards, StatusSettings status) {
        for (ParsedForward forward : forwards) {
            for (Located<Endpoint> listen : forward.listens()) {
                Entry entry = new Entry(forward, listen);
                status.listen().ifPresent(page -> refuseOnStatusPage(entry, page));
                refuseOnEarlier(entry);
                earlier.add(entry);
            }
        }
        refuseRepeatedNames(forwards);
    }

    private void refuseOnEarlier(Entry entry) {
        for (Entry before : earlier) {
            if (before.ports().overlaps(entry.ports())
                    && !Collections.disjoint(
                            before.owner().protocols(), entry.owner().protocols())
                    && !isDualStackPair(before, entry)
                    && overlap.collide(before.host(), entry.host())) {
                refuse(entry, owner(before, entry), "an address and port of its own");
                return;
            }
        }
    }

    /** One forward may name the IPv4 and the IPv6 wildcard of its ports: together they are everywhere. */
    private static boolean isDualStackPair(Entry one, Entry other) {
        return one.owner().equals(other.owner())
                && one.ports().equals(other.ports())
                && ((one.host().isWildcard(Inet4Address.class) && other.host().isWildcard(Inet6Address.class))
                        || (one.host().isWildcard(Inet6Address.class)
                                && other.host().isWildcard(Inet4Address.class)));
    }

    private String owner(Entry before, Entry entry) {
        String place = problems.source().ofLine(before.listen().at());
        return before.owner().equals(entry.owner())
                ? "this forward's own " + before.listen().value() + place
                : before.owner().label() + ", " + before.listen().value() + place;
    }

    private void refuseOnStatusPage(Entry entry, InetSocketAddress page) {
        if (entry.owner().protocols().contains(Protocol.TCP)
                && entry.ports().overlaps(PortRange.of(page.getPort()))
                && overlap.collide(entry.host(), new Host.Address(page.getAddress()))) {
            Endpoint listen = new Endpoint(new Host.Address(page.getAddress()), PortRange.of(page.getPort()));
            refuse(entry, "the status page, " + listen, "another port, or [status] listen = \"off\"");
        }
    }

    private void refuse(Entry entry, String owner, String expected) {
        withoutPlace.add(entry.owner());
        String message = entry.owner().label() + ": listen " + entry.listen().value() + " is taken by " + owner;
        problems.note(entry.listen().at(), message, expected);
    }

    private void refuseRepeatedNames(List<ParsedForward> forwards) {
        Map<String, ParsedForward> names = new HashMap<>();
        for (ParsedForward forward : forwards) {
            ParsedForward first = names.putIfAbsent(forward.name(), forward);
            // A name made of the port says nothing new where the port itself is taken.
            boolean follows = forward.nameAt().isEmpty() && withoutPlace.contains(forward);
            if (first != null && !follows) {
                String message = forward.label() + ": name is taken by the forward of line " + first.line();
                problems.note(forward.nameAt().orElse(forward.start()), message, "a name of its own");
            }
        }
    }
}
