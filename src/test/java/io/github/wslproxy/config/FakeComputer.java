package io.github.wslproxy.config;

import io.github.wslproxy.forward.IpLiteral;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Windows computer called {@code desk} with two LAN addresses. */
final class FakeComputer implements LocalComputer {
    private static final Map<String, Set<InetAddress>> NAMES = Map.of(
            "desk.example.org", addresses("192.168.1.10"),
            "db.example.org", addresses("203.0.113.7"));

    private final boolean windows;

    /** Every name that was looked up, in order. */
    final List<String> asked = new ArrayList<>();

    /** How often it was asked for its addresses, which takes its time on Windows. */
    int addressesAsked;

    FakeComputer(boolean windows) {
        this.windows = windows;
    }

    static FakeComputer windows() {
        return new FakeComputer(true);
    }

    static FakeComputer linux() {
        return new FakeComputer(false);
    }

    @Override
    public boolean isWindows() {
        return windows;
    }

    @Override
    public String hostName() {
        return "Desk";
    }

    @Override
    public Set<InetAddress> addresses() {
        addressesAsked++;
        return addresses("127.0.0.1", "::1", "192.168.1.10", "fd00::10");
    }

    @Override
    public Set<InetAddress> lookup(String name) {
        asked.add(name);
        return NAMES.getOrDefault(name.toLowerCase(Locale.ROOT), Set.of());
    }

    private static Set<InetAddress> addresses(String... literals) {
        return Stream.of(literals)
                .map(literal -> Objects.requireNonNull(IpLiteral.parse(literal)))
                .collect(Collectors.toSet());
    }
}
