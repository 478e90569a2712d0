package io.github.wslproxy.config;

import io.github.wslproxy.config.Settings.AutoSettings;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.DynamicPorts;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;

/** Warns of settings that are valid and yet risky: each warning says what they lead to and what to do. */
public final class Warnings {
    /** A quarter of the dynamic ports; if fewer are taken, programs that ask for one hardly ever notice. */
    private static final int WORTH_A_WORD = 4;

    private static final int MOST_NAMES = 5;

    private Warnings() {}

    /** The warnings, one line each, without a full stop. Reads a file of the system. */
    public static List<String> of(Settings settings) {
        return of(settings, DynamicPorts.ofThisComputer());
    }

    static List<String> of(Settings settings, DynamicPorts dynamic) {
        List<String> warnings = new ArrayList<>();
        anybody(settings, warnings);
        anybodyByIpv4(settings, warnings);
        for (Protocol protocol : Protocol.values()) {
            dynamicPorts(settings.forwards(), protocol, dynamic, warnings);
        }
        awayAdapters(settings.forwards(), warnings);
        if (settings.auto().filter(AutoSettings::localhost).isPresent()
                && !settings.wsl().localhost()) {
            warnings.add("[auto] localhost = true does nothing, as [wsl] localhost is false");
        }
        return warnings;
    }

    private static void anybody(Settings settings, List<String> warnings) {
        List<String> open = settings.possible().stream()
                .filter(forward -> AccessParser.letsInAnybody(forward.access()))
                .map(Forward::name)
                .toList();
        if (!open.isEmpty()) {
            warnings.add("\"any\" in allow lets in everybody who can reach the port, also from the internet: "
                    + names(open) + "; to let in fewer, name them, or write \"private\"");
        }
    }

    private static void anybodyByIpv4(Settings settings, List<String> warnings) {
        List<String> open = settings.possible().stream()
                .filter(forward -> !AccessParser.letsInAnybody(forward.access()))
                .filter(forward -> AccessParser.letsInAnybodyByIpv4(forward.access()))
                .map(Forward::name)
                .toList();
        if (!open.isEmpty()) {
            warnings.add("\"" + AccessParser.ANY_IPV4
                    + "\" in allow lets in everybody who can reach the port by IPv4, also" + " from the internet: "
                    + names(open) + "; to let in fewer, name them, or write \"private\"");
        }
    }

    private static void dynamicPorts(
            List<Forward> forwards, Protocol protocol, DynamicPorts dynamic, List<String> warnings) {
        PortRange range = new PortRange(dynamic.first(), dynamic.last());
        BitSet taken = new BitSet();
        List<String> names = new ArrayList<>();
        for (Forward forward : forwards) {
            List<PortRange> inside = forward.protocols().contains(protocol) ? inside(forward, range) : List.of();
            inside.forEach(ports ->
                    taken.set(Math.max(ports.first(), range.first()), Math.min(ports.last(), range.last()) + 1));
            if (!inside.isEmpty()) {
                names.add(forward.name());
            }
        }
        if (taken.cardinality() * WORTH_A_WORD < dynamic.size()) {
            return;
        }
        warnings.add(names(names) + ": takes " + taken.cardinality() + " of the " + dynamic.size()
                + " dynamic ports of this computer for " + protocol + " (" + dynamic.range()
                + (dynamic.isDefault() ? " by default" : "") + "), one of which each "
                + (protocol == Protocol.UDP ? "session" : "outgoing connection")
                + " needs; listen on other ports, or on fewer of these");
    }

    private static List<PortRange> inside(Forward forward, PortRange range) {
        return forward.listens().stream()
                .map(Endpoint::ports)
                .filter(range::overlaps)
                .toList();
    }

    private static void awayAdapters(List<Forward> forwards, List<String> warnings) {
        for (Forward forward : forwards) {
            for (Endpoint listen : forward.listens()) {
                if (listen.host() instanceof Host.Name name && name.isAwayAdapter()) {
                    warnings.add(forward.name() + ": no adapter of " + listen.host()
                            + " is there; it listens when there is one");
                }
            }
        }
    }

    private static String names(List<String> all) {
        String first = all.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        return all.size() <= MOST_NAMES ? first : first + " and " + (all.size() - MOST_NAMES) + " more";
    }
}
