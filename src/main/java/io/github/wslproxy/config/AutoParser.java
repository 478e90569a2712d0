package io.github.wslproxy.config;

import io.github.wslproxy.config.Settings.AutoSettings;
import io.github.wslproxy.config.TomlTableReader.Located;
import io.github.wslproxy.config.ValueParser.InvalidValue;
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
    private static final String DENIED = "a port or a range as \"3000-3999\", or a client: " + AccessParser.EXPECTED;

    /** No address looks like this, so {@code deny} may hold ports as well as clients. */
    private static final Pattern LIKE_PORTS = Pattern.compile("\\s*\\d+\\s*(-.*)?");

    private final TomlTableReader table;
    private final ForwardDefaults defaults;

    /** An entry of {@code deny}: one of the two lists is empty. */
    private record Denied(List<PortRange> ports, List<AddressBlock> clients) {}

    AutoParser(TomlTableReader table, ForwardDefaults defaults) {
        this.table = table;
        this.defaults = defaults;
    }

    /** If problems were noted, the result is good only for the checks that follow. */
    AutoSettings read() {
        table.refuseUnknownKeys(Keys.AUTO);
        Set<Protocol> protocols = table.read("protocol", ValueParser.oneOf(ForwardParser.PROTOCOLS))
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
                defaults.limits(),
                table.read("localhost", ValueParser::onOrOff).orElse(false));
    }

    private List<PortRange> ports() {
        Optional<List<PortRange>> ports = values("ports", AutoParser::portOrRange, PORTS);
        if (!table.has("ports")) {
            table.miss("ports is missing: which of them may be forwarded", PORTS);
        } else if (ports.isPresent() && ports.get().isEmpty()) {
            table.refuse("ports", "is empty", PORTS);
        }
        return ports.orElse(List.of());
    }

    /** Clients that {@code [defaults]} denies stay denied where this table names ports only. */
    private Access access(List<AddressBlock> deniedClients) {
        return ForwardDefaults.access(
                table,
                defaults.access(),
                "[auto]",
                deniedClients.isEmpty() ? Optional.empty() : Optional.of(deniedClients));
    }

    private <T> Optional<List<T>> values(String key, ValueParser<Object, T> element, String expected) {
        return table.readOneOrEach(key, element, expected)
                .map(values -> values.stream().map(Located::value).toList());
    }

    private static PortRange portOrRange(Object found) throws InvalidValue {
        if (found instanceof Long) {
            return PortRange.of(ValueParser.integer(1, PortRange.MAX_PORT).parse(found));
        }
        return ValueParser.text(PORT, EndpointParser::ports).parse(found);
    }

    private static Denied denied(Object found) throws InvalidValue {
        if (found instanceof Long
                || (found instanceof String text && LIKE_PORTS.matcher(text).matches())) {
            return new Denied(List.of(portOrRange(found)), List.of());
        }
        return new Denied(
                List.of(),
                ValueParser.text(DENIED, (String text) -> AccessParser.parse(text, DENIED))
                        .parse(found));
    }
}
