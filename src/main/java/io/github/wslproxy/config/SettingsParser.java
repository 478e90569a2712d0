package io.github.wslproxy.config;

import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.Limits;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.forward.TotalLimits;
import io.github.wslproxy.os.SafeText;
import io.github.wslproxy.target.WslSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** The grammar of the whole file: which tables there are, what is in the small ones, and what holds between them. */
final class SettingsParser {
    private static final InetSocketAddress STATUS = new InetSocketAddress(AddressOverlap.LOOPBACK_V4, 9797);
    private static final String STATUS_EXPECTED = "a loopback address as \"127.0.0.1:9797\", or \"off\"";
    private static final String BRACKETS = "[[forward]] in double brackets";
    private static final String ONE_FORWARD = "at least one [[forward]], or [auto]";

    /** Windows has 16,384 ports for outgoing connections, and one that has ended keeps its port for a while. */
    private static final int CONNECTIONS = 8192;

    private static final int CONNECTING = 1024;

    /** Each has a port of those too, and the firewall of Windows has trouble with some 20,000 flows of UDP. */
    private static final int SESSIONS = 4096;

    private static final int CONNECTIONS_PER_SECOND = 1000;

    private static final TomlPosition START = TomlPosition.positionAt(1, 1);

    private final Path file;
    private final LocalEnvironment computer;
    private final Problems problems;

    SettingsParser(Path file, LocalEnvironment computer, Problems problems) {
        this.file = file;
        this.computer = computer;
        this.problems = problems;
    }

    Settings read(TomlDocument root) throws ConfigException {
        refuseUnknownTables(root);
        TomlTableReader wslSection = section(root, "wsl");
        WslSettings wsl = new WslParser(wslSection, file).read();
        StatusSettings status = status(section(root, "status"));
        LogSettings log = new LogParser(section(root, "log"), file).read();
        ForwardDefaults defaults = defaults(section(root, "defaults"));
        Optional<TomlTableReader> autoSection = optionalSection(root, "auto");
        Optional<AutoSettings> auto = autoSection.map(section -> new AutoParser(section, defaults).read());
        List<ParsedForward> all = forwards(root, defaults, root.find("auto") != null);
        List<ParsedForward> drafts =
                all.stream().filter(ParsedForward::isEnabled).toList();
        TotalLimits limits = limits(section(root, "limits"), drafts);
        if (problems.sawWholeFile()) {
            refuseMissingProbe(wslSection, auto.isPresent() || drafts.stream().anyMatch(ParsedForward::needsWsl));
            autoSection.ifPresent(section -> refuseWithoutALook(section, wslSection));
            checkTogether(drafts, wsl, status);
        }
        problems.throwIfAny();
        return new Settings(
                wsl,
                limits,
                status,
                log,
                defaults,
                auto,
                drafts.stream().map(ParsedForward::forward).toList(),
                all.stream()
                        .filter(draft -> !draft.isEnabled())
                        .map(ParsedForward::name)
                        .toList());
    }

    private void refuseUnknownTables(TomlDocument root) {
        for (String key : root.keys()) {
            TomlDocument.Entry found = root.find(key);
            if (found != null && !Keys.TABLES.contains(key)) {
                String kind = found.value() instanceof TomlTable ? "table " : "key ";
                problems.note(
                        found.at(),
                        "unknown " + kind + SafeText.quoted(key) + Keys.hint(key, Keys.TABLES),
                        "one of " + String.join(", ", Keys.TABLES));
            }
        }
    }

    private TomlTableReader section(TomlDocument root, String key) {
        TomlDocument.Entry found = root.find(key);
        String label = "[" + key + "]";
        if (found != null && found.value() instanceof TomlTable table) {
            return new TomlTableReader(table, found.at(), label, found.linesBefore(), problems);
        }
        if (found != null) {
            problems.note(
                    found.at(), key + " is " + ValueParsers.described(found.value()), label + " in single brackets");
        }
        return new TomlTableReader(Toml.parse(""), START, label, 0, problems);
    }

    /** For a table that means something by being there. */
    private Optional<TomlTableReader> optionalSection(TomlDocument root, String key) {
        TomlDocument.Entry found = root.find(key);
        TomlTableReader section = section(root, key);
        return found != null && found.value() instanceof TomlTable ? Optional.of(section) : Optional.empty();
    }

    private ForwardDefaults defaults(TomlTableReader section) {
        section.refuseUnknownKeys(Keys.DEFAULTS);
        return ForwardDefaults.builtIn().overriddenBy(section, "[defaults]");
    }

    /** What a forward is given by itself must not be taken away again by a default. */
    private static TotalLimits limits(TomlTableReader section, List<ParsedForward> drafts) {
        section.refuseUnknownKeys(Keys.LIMITS);
        ValueParser<Object, Integer> count = ValueParsers.integer(1, ForwardDefaults.MOST);
        return new TotalLimits(
                section.read("max_connections", count)
                        .orElseGet(() -> largest(CONNECTIONS, Protocol.TCP, Limits::connections, drafts)),
                section.read("max_connecting", count).orElse(CONNECTING),
                section.read("max_sessions", count)
                        .orElseGet(() -> largest(SESSIONS, Protocol.UDP, Limits::sessions, drafts)),
                section.read("max_connection_rate_per_client", ValueParsers.integer(0, ForwardDefaults.MOST))
                        .orElse(CONNECTIONS_PER_SECOND));
    }

    private static int largest(int least, Protocol protocol, ToIntFunction<Limits> limit, List<ParsedForward> drafts) {
        return drafts.stream()
                .filter(draft -> draft.protocols().contains(protocol))
                .map(draft -> draft.knobs().limits())
                .mapToInt(limit)
                .reduce(least, Math::max);
    }

    private static StatusSettings status(TomlTableReader section) {
        section.refuseUnknownKeys(Keys.STATUS);
        return section.read("listen", ValueParsers.text(STATUS_EXPECTED, SettingsParser::statusListen))
                .orElse(new StatusSettings(section.has("listen") ? Optional.empty() : Optional.of(STATUS)));
    }

    /** The page has no login, so it must not be reachable from outside. */
    private static StatusSettings statusListen(String text) throws InvalidValue {
        if (text.equals("off")) {
            return new StatusSettings(Optional.empty());
        }
        Endpoint endpoint = EndpointParser.parse(text);
        InetAddress address = null;
        if (endpoint.host() instanceof Host.Address literal) {
            address = literal.value();
        } else if (endpoint.host() instanceof Host.Name name && AddressOverlap.isLocalhost(name.value())) {
            address = AddressOverlap.LOOPBACK_V4;
        }
        if (address == null || !address.isLoopbackAddress() || endpoint.ports().size() > 1) {
            throw new InvalidValue(SafeText.quoted(text), STATUS_EXPECTED);
        }
        return new StatusSettings(
                Optional.of(new InetSocketAddress(address, endpoint.ports().first())));
    }

    private List<ParsedForward> forwards(TomlDocument root, ForwardDefaults defaults, boolean mayBeNone)
            throws ConfigException {
        TomlDocument.Entry found = root.find("forward");
        if (found == null || (found.value() instanceof TomlArray none && none.isEmpty())) {
            if (problems.sawWholeFile() && !mayBeNone) {
                problems.note(found == null ? START : found.at(), "nothing to forward", ONE_FORWARD);
            }
            return List.of();
        }
        if (!(found.value() instanceof TomlArray)) {
            problems.note(found.at(), "forward is " + ValueParsers.described(found.value()), BRACKETS);
            return List.of();
        }
        List<ParsedForward> drafts = new ArrayList<>();
        FileSize size = new FileSize(problems);
        int number = 0;
        for (TomlDocument.Entry entry : root.forwards()) {
            number++;
            if (entry.value() instanceof TomlTable table) {
                new ForwardParser(table, entry, number, problems, defaults)
                        .read()
                        .ifPresent(drafts::add);
            } else {
                problems.note(entry.at(), "forward is " + ValueParsers.described(entry.value()), BRACKETS);
            }
            size.count(drafts);
            if (problems.areMany()) {
                break;
            }
        }
        return drafts;
    }

    private void refuseMissingProbe(TomlTableReader section, boolean asked) {
        boolean answered = section.has("address") || section.has("command");
        if (asked && !answered && !computer.isWindows()) {
            section.miss(
                    "outside Windows wslproxy cannot find WSL by itself", "address or command, which say where it is");
        }
    }

    /** Who listens is read in the same call as the address, and with a fixed one there is no call. */
    private static void refuseWithoutALook(TomlTableReader auto, TomlTableReader wsl) {
        if (wsl.has("address")) {
            auto.miss(
                    "with the fixed [wsl] address of line " + wsl.at("address").line()
                            + " nobody looks into WSL, so no port would appear",
                    "no [wsl] address, or [wsl] command in its place");
        }
    }

    private void checkTogether(List<ParsedForward> drafts, WslSettings wsl, StatusSettings status) {
        if (new SocketCount(computer, problems).refuseTooMany(drafts)) {
            return; // The loops are looked for port by port.
        }
        AddressOverlap reach = new AddressOverlap(computer, wsl.address());
        new ConflictCheck(reach, problems).check(drafts, status);
        new LoopCheck(reach, problems).check(drafts);
    }
}
