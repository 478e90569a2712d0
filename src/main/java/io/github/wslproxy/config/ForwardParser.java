package io.github.wslproxy.config;

import io.github.wslproxy.config.TomlTableReader.Located;
import io.github.wslproxy.config.ValueParser.InvalidValue;
import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.forward.ProxyProtocol;
import io.github.wslproxy.os.SafeText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.tomlj.TomlTable;

/** Reads one {@code [[forward]]}. */
final class ForwardParser {
    private static final int LONGEST_NAME = 64;
    static final Map<String, Set<Protocol>> PROTOCOLS = Map.of(
            "tcp", Set.of(Protocol.TCP), "udp", Set.of(Protocol.UDP), "tcp+udp", Set.of(Protocol.TCP, Protocol.UDP));
    private static final String PORT =
            "an integer, " + EndpointParser.PORTS + ", or a range in quotes as \"8000-8010\"";
    private static final String ONE_OR_MORE = "HOST:PORT in quotes, or an array of them";

    private final TomlTableReader table;
    private final ForwardDefaults defaults;

    /** @param number 1 for the first of the file: what messages call it if it has no name */
    ForwardParser(TomlTable toml, TomlDocument.Entry entry, int number, Problems problems, ForwardDefaults defaults) {
        String label = toml.get(List.of("name")) instanceof String name && !name.isBlank()
                ? "forward " + SafeText.quoted(name)
                : "forward " + number;
        this.table = new TomlTableReader(toml, entry.at(), label, entry.linesBefore(), problems);
        this.defaults = defaults;
    }

    /** Reads the forward; empty if nobody can know which ports it would take, and then the reason is noted. */
    Optional<ParsedForward> read() {
        table.refuseUnknownKeys(Keys.FORWARD);
        Optional<String> name = table.read("name", ValueParser.text("a name in quotes", ForwardParser::name));
        Optional<Set<Protocol>> given = table.read("protocol", ValueParser.oneOf(PROTOCOLS));
        Set<Protocol> protocols = given.orElse(Set.of(Protocol.TCP));
        boolean enabled = table.read("enabled", ValueParser::onOrOff).orElse(true);
        ForwardDefaults options = defaults.overriddenBy(table, "");
        if (protocols.contains(Protocol.UDP)) {
            refuseProxyProtocol(options.proxyProtocol());
        }
        List<Located<Endpoint>> listens = listens();
        Optional<Endpoint> target = target(listens);
        if (listens.isEmpty() || !table.accepted("protocol")) {
            return Optional.empty();
        }
        String defaultName = word(protocols) + "-" + listens.get(0).value().ports();
        return Optional.of(new ParsedForward(
                table.start(),
                table.has("name") ? Optional.of(table.at("name")) : Optional.empty(),
                table.at("target"),
                enabled,
                ownBlocks(options.access()),
                name.orElse(defaultName),
                protocols,
                listens,
                target,
                options));
    }

    private int ownBlocks(Access access) {
        return (table.has("allow") ? access.allow().size() : 0)
                + (table.has("deny") ? access.deny().size() : 0);
    }

    /** A default applies to TCP connections only; the forward's own key would apply to UDP, too. */
    private void refuseProxyProtocol(ProxyProtocol asked) {
        if (table.has("proxy_protocol") && table.accepted("proxy_protocol") && asked != ProxyProtocol.OFF) {
            table.refuse(
                    "proxy_protocol",
                    SafeText.quoted(asked.toString()) + " is for TCP, and this one forwards UDP",
                    "\"off\", or a [[forward]] of its own with protocol = \"tcp\"");
        }
    }

    /** The listen entries; empty if none can be used. */
    private List<Located<Endpoint>> listens() {
        table.refuseBoth("port", "listen");
        Optional<PortRange> port = table.read("port", ForwardParser::port);
        Optional<List<Located<Endpoint>>> entries = table.readOneOrEach(
                "listen", ValueParser.text(EndpointParser.EXPECTED, EndpointParser::parseListen), ONE_OR_MORE);
        if (!table.accepted("port", "listen")) {
            return List.of();
        }
        if (port.isPresent()) {
            Endpoint everywhere = new Endpoint(new Host.Everywhere(), port.get());
            return List.of(new Located<>(everywhere, table.at("port")));
        }
        if (entries.isEmpty()) {
            table.miss("neither port nor listen", "port = 5173, or listen = \"0.0.0.0:5173\"");
        } else if (entries.get().isEmpty()) {
            table.refuse("listen", "is empty", ONE_OR_MORE);
        }
        return entries.orElse(List.of());
    }

    private Optional<Endpoint> target(List<Located<Endpoint>> listens) {
        if (table.has("target")) {
            Optional<Endpoint> target = table.read(
                    "target", ValueParser.text("wsl:PORT or HOST:PORT in quotes", ForwardParser::targetText));
            target.ifPresent(endpoint -> refuseOtherSizes(endpoint.ports(), listens));
            return table.accepted("target") ? target : Optional.empty();
        }
        Optional<Endpoint> forWsl = listens.stream()
                .map(Located::value)
                .filter(listen -> listen.host() instanceof Host.Wsl)
                .findFirst();
        if (forWsl.isPresent()) {
            table.miss(
                    "listens for WSL and has no target",
                    "a server on Windows, as target = \"127.0.0.1:"
                            + forWsl.get().ports() + "\"");
            return Optional.empty();
        }
        List<PortRange> ports =
                listens.stream().map(entry -> entry.value().ports()).distinct().toList();
        if (ports.size() > 1) {
            table.miss("listens on different ports and has no target", "target = \"wsl:" + ports.get(0) + "\"");
        }
        return ports.size() == 1 ? Optional.of(new Endpoint(new Host.Wsl(), ports.get(0))) : Optional.empty();
    }

    private void refuseOtherSizes(PortRange target, List<Located<Endpoint>> listens) {
        for (Located<Endpoint> listen : listens) {
            PortRange ports = listen.value().ports();
            if (ports.size() != target.size()) {
                String counts = "has " + count(target) + ", listen " + listen.value() + " has " + ports.size();
                table.refuse("target", counts, "as many on both sides");
                return;
            }
        }
    }

    private static String count(PortRange ports) {
        return ports.size() == 1 ? "1 port" : ports.size() + " ports";
    }

    private static String word(Set<Protocol> protocols) {
        return protocols.stream().sorted().map(Protocol::toString).collect(Collectors.joining("+"));
    }

    private static PortRange port(Object found) throws InvalidValue {
        if (found instanceof String text && text.indexOf('-') > 0) {
            return EndpointParser.ports(text);
        }
        if (found instanceof Long) {
            return PortRange.of(ValueParser.integer(1, PortRange.MAX_PORT).parse(found));
        }
        throw ValueParser.wrongType(found, PORT);
    }

    private static String name(String text) throws InvalidValue {
        if (text.isBlank()) {
            throw new InvalidValue("is empty", "1 to " + LONGEST_NAME + " characters");
        }
        if (text.length() > LONGEST_NAME) {
            throw new InvalidValue("has " + text.length() + " characters", "1 to " + LONGEST_NAME);
        }
        if (text.codePoints().anyMatch(SafeText::isUnprintable)) {
            throw new InvalidValue(
                    SafeText.quoted(text) + " has characters that cannot be shown", "letters, digits, signs");
        }
        return text;
    }

    private static Endpoint targetText(String text) throws InvalidValue {
        Endpoint target = EndpointParser.parse(text);
        if (target.host() instanceof Host.Address address && address.value().isAnyLocalAddress()) {
            throw new InvalidValue(
                    target + " is every address of this computer, so it would lead back here",
                    "one address; 127.0.0.1 for a server on this computer");
        }
        return target;
    }
}
