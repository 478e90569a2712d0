package io.github.wslproxy.config;

import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code [auto]}. */
final class AutoParser {
    private static final String PORT = "a port or a range in quotes, as \"5173\" or \"3000-3999\"";
    private static final String PORTS = "an array as [\"3000-3999\", \"5173\"]";
    private static final String DENIED = "a port or a range as \"3000-3999\", or a client: " + AddressBlocks.EXPECTED;

    /** No address is written like that, so {@code deny} may have both kinds. */
    private static final Pattern LIKE_PORTS = Pattern.compile("\\s*\\d+\\s*(-.*)?");

    private final TomlTableReader section;
    private final ForwardDefaults defaults;

    /** An entry of {@code deny}: one of the two lists is empty. */
    private record Denied(List<PortRange> ports, List<AddressBlock> clients) {}

    AutoParser(TomlTableReader section, ForwardDefaults defaults) {
        this.section = section;
        this.defaults = defaults;
    }

    /** With problems noted, it is worth nothing but for the checks that follow. */
    AutoSettings read() {
        section.refuseUnknownKeys(Keys.AUTO);
        Set<Protocol> protocols = section.read("protocol", ValueParsers.oneOf(ForwardParser.PROTOCOLS))
                .orElse(Set.of(Protocol.TCP));
        List<Denied> denied = values("deny", AutoParser::denied, DENIED).orElse(List.of());
        return new AutoSettings(
                ports(),
                protocols,
                denied.stream().flatMap(entry -> entry.ports().stream()).toList(),
                access(denied.stream()
                        .flatMap(entry -> entry.clients().stream())
                        .toList()),
                defaults.timeouts(),
                defaults.limits());
    }

    private List<PortRange> ports() {
        Optional<List<PortRange>> ports = values("ports", AutoParser::portOrRange, PORTS);
        if (!section.has("ports")) {
            section.miss("ports is missing: which of them may be forwarded", PORTS);
        } else if (ports.isPresent() && ports.get().isEmpty()) {
            section.refuse("ports", "is empty", PORTS);
        }
        return ports.orElse(List.of());
    }

    /** Clients that {@code [defaults]} denies stay denied where this table names ports only. */
    private Access access(List<AddressBlock> deniedClients) {
        return ForwardDefaults.access(
                section,
                defaults.access(),
                "[auto]",
                deniedClients.isEmpty() ? Optional.empty() : Optional.of(deniedClients));
    }

    private <T> Optional<List<T>> values(String key, ValueParser<Object, T> element, String expected) {
        return section.readOneOrEach(key, element, expected)
                .map(values -> values.stream().map(Located::value).toList());
    }

    private static PortRange portOrRange(Object found) throws InvalidValue {
        if (found instanceof Long) {
            return PortRange.of(ValueParsers.integer(1, PortRange.MAX_PORT).of(found));
        }
        return ValueParsers.text(PORT, EndpointParser::ports).of(found);
    }

    private static Denied denied(Object found) throws InvalidValue {
        if (found instanceof Long
                || (found instanceof String text && LIKE_PORTS.matcher(text).matches())) {
            return new Denied(List.of(portOrRange(found)), List.of());
        }
        return new Denied(
                List.of(), ValueParsers.text(DENIED, AutoParser::clients).of(found));
    }

    private static List<AddressBlock> clients(String text) throws InvalidValue {
        try {
            return AddressBlocks.parse(text);
        } catch (InvalidValue neither) {
            boolean isNone = neither.expected().equals(AddressBlocks.EXPECTED);
            throw isNone ? new InvalidValue(neither.complaint(), DENIED) : neither;
        }
    }
}
