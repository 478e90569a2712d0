package io.github.wslproxy.config;

import io.github.wslproxy.config.Settings.AutoSettings;
import io.github.wslproxy.config.Settings.LogSettings;
import io.github.wslproxy.config.Settings.StatusSettings;
import io.github.wslproxy.config.ValueParser.InvalidValue;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.LimitSettings;
import io.github.wslproxy.forward.Limits;
import io.github.wslproxy.forward.Protocol;
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

/** The grammar of the whole file: its tables, the keys of the small ones, and what must hold between them. */
final class SettingsParser {
    private static final InetSocketAddress STATUS = new InetSocketAddress(AddressOverlap.LOOPBACK_V4, 9797);
    private static final String STATUS_EXPECTED = "a loopback address as \"127.0.0.1:9797\", or \"off\"";
    private static final String BRACKETS = "[[forward]] in double brackets";
    private static final String ONE_FORWARD = "at least one [[forward]], or [auto]";

    /** Windows has 16,384 ports for outgoing connections, and one that has ended keeps its port for a while. */
    private static final int CONNECTIONS = 8192;

    private static final int CONNECTING = 1024;

    /** Each session takes such a port, too, and the firewall of Windows has trouble with some 20,000 flows of UDP. */
    private static final int SESSIONS = 4096;

    private static final int CONNECTIONS_PER_SECOND = 1000;

    private static final TomlPosition START = TomlPosition.positionAt(1, 1);

    private final Path file;
    private final LocalComputer computer;
    private final Problems problems;
    private final FileLimits fileLimits;

    SettingsParser(Path file, LocalComputer computer, Problems problems) {
        this.file = file;
        this.computer = computer;
        this.problems = problems;
        this.fileLimits = new FileLimits(computer, problems);
    }

    Settings read(TomlDocument root) throws ConfigException {
        refuseUnknownTables(root);
        TomlTableReader wslTable = table(root, "wsl");
        WslSettings wsl = new WslParser(wslTable, file).read();
        StatusSettings status = status(table(root, "status"));
        LogSettings log = new LogParser(table(root, "log"), file).read();
        ForwardDefaults defaults = defaults(table(root, "defaults"));
        Optional<TomlTableReader> autoTable = optionalTable(root, "auto");
        Optional<AutoSettings> auto = autoTable.map(table -> new AutoParser(table, defaults).read());
        List<ParsedForward> all = forwards(root, defaults, root.find("auto") != null);
        List<ParsedForward> enabled =
                all.stream().filter(ParsedForward::isEnabled).toList();
        LimitSettings limits = limits(table(root, "limits"), enabled);
        if (problems.sawWholeFile()) {
            refuseMissingProbe(wslTable, auto.isPresent() || enabled.stream().anyMatch(ParsedForward::needsWsl));
            autoTable.ifPresent(table -> refuseWithoutALook(table, wslTable));
            checkTogether(enabled, wsl, status);
        }
        problems.throwIfAny();
        return new Settings(
                wsl,
                limits,
                status,
                log,
                defaults,
                auto,
                enabled.stream().map(ParsedForward::forward).toList(),
                all.stream()
                        .filter(forward -> !forward.isEnabled())
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

    private TomlTableReader table(TomlDocument root, String key) {
        TomlDocument.Entry found = root.find(key);
        String label = "[" + key + "]";
        if (found != null && found.value() instanceof TomlTable table) {
            return new TomlTableReader(table, found.at(), label, found.linesBefore(), problems);
        }
        if (found != null) {
            problems.note(
                    found.at(), key + " is " + ValueParser.described(found.value()), label + " in single brackets");
        }
        return new TomlTableReader(Toml.parse(""), START, label, 0, problems);
    }

    /** The table if it is there, which by itself means something. */
    private Optional<TomlTableReader> optionalTable(TomlDocument root, String key) {
        TomlDocument.Entry found = root.find(key);
        TomlTableReader table = table(root, key);
        return found != null && found.value() instanceof TomlTable ? Optional.of(table) : Optional.empty();
    }

    private ForwardDefaults defaults(TomlTableReader table) {
        table.refuseUnknownKeys(Keys.DEFAULTS);
        return ForwardDefaults.builtIn().overriddenBy(table, "[defaults]");
    }

    /** A default of the whole program must not take away what a forward is given by itself. */
    private static LimitSettings limits(TomlTableReader table, List<ParsedForward> forwards) {
        table.refuseUnknownKeys(Keys.LIMITS);
        ValueParser<Object, Integer> count = ValueParser.integer(1, ForwardDefaults.MOST);
        return new LimitSettings(
                table.read("max_connections", count)
                        .orElseGet(() -> largest(CONNECTIONS, Protocol.TCP, Limits::connections, forwards)),
                table.read("max_connecting", count).orElse(CONNECTING),
                table.read("max_sessions", count)
                        .orElseGet(() -> largest(SESSIONS, Protocol.UDP, Limits::sessions, forwards)),
                table.read("max_connection_rate_per_client", ValueParser.integer(0, ForwardDefaults.MOST))
                        .orElse(CONNECTIONS_PER_SECOND));
    }

    private static int largest(
            int least, Protocol protocol, ToIntFunction<Limits> limit, List<ParsedForward> forwards) {
        return forwards.stream()
                .filter(forward -> forward.protocols().contains(protocol))
                .map(forward -> forward.options().limits())
                .mapToInt(limit)
                .reduce(least, Math::max);
    }

    private static StatusSettings status(TomlTableReader table) {
        table.refuseUnknownKeys(Keys.STATUS);
        return table.read("listen", ValueParser.text(STATUS_EXPECTED, SettingsParser::statusListen))
                .orElse(new StatusSettings(table.has("listen") ? Optional.empty() : Optional.of(STATUS)));
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
            problems.note(found.at(), "forward is " + ValueParser.described(found.value()), BRACKETS);
            return List.of();
        }
        List<ParsedForward> forwards = new ArrayList<>();
        int number = 0;
        for (TomlDocument.Entry entry : root.forwards()) {
            number++;
            if (entry.value() instanceof TomlTable table) {
                new ForwardParser(table, entry, number, problems, defaults)
                        .read()
                        .ifPresent(forwards::add);
            } else {
                problems.note(entry.at(), "forward is " + ValueParser.described(entry.value()), BRACKETS);
            }
            fileLimits.countEntries(forwards);
            if (problems.areMany()) {
                break;
            }
        }
        return forwards;
    }

    private void refuseMissingProbe(TomlTableReader table, boolean asked) {
        boolean answered = table.has("address") || table.has("command");
        if (asked && !answered && !computer.isWindows()) {
            table.miss(
                    "outside Windows wslproxy cannot find WSL by itself", "address or command, which say where it is");
        }
    }

    /** The call that asks for the address also reads who listens; with a fixed address there is no call. */
    private static void refuseWithoutALook(TomlTableReader auto, TomlTableReader wsl) {
        if (wsl.has("address")) {
            auto.miss(
                    "with the fixed [wsl] address of line " + wsl.at("address").line()
                            + " nobody looks into WSL, so no port would appear",
                    "no [wsl] address, or [wsl] command in its place");
        }
    }

    private void checkTogether(List<ParsedForward> forwards, WslSettings wsl, StatusSettings status) {
        if (fileLimits.refuseTooManySockets(forwards)) {
            return; // The search for loops goes port by port.
        }
        AddressOverlap overlap = new AddressOverlap(computer, wsl.address());
        new ConflictCheck(overlap, problems).check(forwards, status);
        new LoopCheck(overlap, problems).check(forwards);
    }
}
