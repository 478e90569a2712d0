package io.github.wslproxy.config;

import io.github.wslproxy.computer.TerminalText;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.Limits;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.forward.TotalLimits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.slf4j.event.Level;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** The grammar of the whole file: which tables there are, what is in the small ones, and what holds between them. */
final class SettingsReader {
    private static final Map<String, Level> LEVELS = Map.of(
            "trace", Level.TRACE, "debug", Level.DEBUG, "info", Level.INFO, "warn", Level.WARN, "error", Level.ERROR);
    private static final InetSocketAddress STATUS = new InetSocketAddress(Reach.LOOPBACK_V4, 9797);
    private static final String STATUS_EXPECTED = "a loopback address as \"127.0.0.1:9797\", or \"off\"";
    private static final String BRACKETS = "[[forward]] in double brackets";
    private static final String ONE_FORWARD = "at least one [[forward]], or [auto]";

    /** Each is a socket: every port of both families, or of both protocols, fits. */
    private static final int MOST_PORTS = 1 << 17;

    /** Each is compared with each. */
    private static final int MOST_ENTRIES = 4096;

    /** Windows has 16,384 ports for outgoing connections, and one that has ended keeps its port for a while. */
    private static final int CONNECTIONS = 8192;

    private static final int CONNECTING = 1024;

    /** Each has a port of those too, and the firewall of Windows has trouble with some 20,000 flows of UDP. */
    private static final int SESSIONS = 4096;

    private static final int CONNECTIONS_PER_SECOND = 1000;

    private static final TomlPosition START = TomlPosition.positionAt(1, 1);

    private final Path file;
    private final ThisComputer computer;
    private final Problems problems;

    SettingsReader(Path file, ThisComputer computer, Problems problems) {
        this.file = file;
        this.computer = computer;
        this.problems = problems;
    }

    Settings read(TomlTable root) throws ConfigException {
        refuseUnknownTables(root);
        Section wslSection = section(root, "wsl");
        WslSettings wsl = new WslReader(wslSection, file).read();
        StatusSettings status = status(section(root, "status"));
        LogSettings log = log(section(root, "log"));
        Knobs defaults = defaults(section(root, "defaults"));
        Optional<Section> autoSection = optionalSection(root, "auto");
        Optional<AutoSettings> auto = autoSection.map(section -> new AutoReader(section, defaults).read());
        List<Draft> drafts = forwards(root, defaults, root.get(List.of("auto")) != null);
        TotalLimits limits = limits(section(root, "limits"), drafts);
        if (problems.sawWholeFile()) {
            refuseMissingProbe(wslSection, auto.isPresent() || drafts.stream().anyMatch(Draft::needsWsl));
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
                drafts.stream().map(Draft::forward).toList());
    }

    private void refuseUnknownTables(TomlTable root) {
        for (String key : root.keySet()) {
            if (!Keys.TABLES.contains(key)) {
                String kind = root.get(List.of(key)) instanceof TomlTable ? "table " : "key ";
                problems.note(
                        positionOf(root, key),
                        "unknown " + kind + Shown.quoted(key) + Keys.hint(key, Keys.TABLES),
                        "one of " + String.join(", ", Keys.TABLES));
            }
        }
    }

    private Section section(TomlTable root, String key) {
        Object found = root.get(List.of(key));
        String label = "[" + key + "]";
        if (found instanceof TomlTable table) {
            return new Section(table, positionOf(root, key), label, problems);
        }
        if (found != null) {
            problems.note(
                    positionOf(root, key), key + " is " + Readings.described(found), label + " in single brackets");
        }
        return new Section(Toml.parse(""), START, label, problems);
    }

    /** For a table that means something by being there. */
    private Optional<Section> optionalSection(TomlTable root, String key) {
        Section section = section(root, key);
        return root.get(List.of(key)) instanceof TomlTable ? Optional.of(section) : Optional.empty();
    }

    private static TomlPosition positionOf(TomlTable root, String key) {
        TomlPosition position = root.inputPositionOf(List.of(key));
        return position == null ? START : position;
    }

    private Knobs defaults(Section section) {
        section.refuseUnknownKeys(Keys.DEFAULTS);
        return Knobs.builtIn().overriddenBy(section, "[defaults]");
    }

    /** What a forward is given by itself must not be taken away again by a default. */
    private static TotalLimits limits(Section section, List<Draft> drafts) {
        section.refuseUnknownKeys(Keys.LIMITS);
        Reading<Object, Integer> count = Readings.integer(1, Knobs.MOST);
        return new TotalLimits(
                section.read("max_connections", count)
                        .orElseGet(() -> largest(CONNECTIONS, Protocol.TCP, Limits::connections, drafts)),
                section.read("max_connecting", count).orElse(CONNECTING),
                section.read("max_sessions", count)
                        .orElseGet(() -> largest(SESSIONS, Protocol.UDP, Limits::sessions, drafts)),
                section.read("max_connection_rate_per_client", Readings.integer(0, Knobs.MOST))
                        .orElse(CONNECTIONS_PER_SECOND));
    }

    private static int largest(int least, Protocol protocol, ToIntFunction<Limits> limit, List<Draft> drafts) {
        return drafts.stream()
                .filter(draft -> draft.protocols().contains(protocol))
                .map(draft -> draft.knobs().limits())
                .mapToInt(limit)
                .reduce(least, Math::max);
    }

    private static StatusSettings status(Section section) {
        section.refuseUnknownKeys(Keys.STATUS);
        return section.read("listen", Readings.text(STATUS_EXPECTED, SettingsReader::statusListen))
                .orElse(new StatusSettings(section.has("listen") ? Optional.empty() : Optional.of(STATUS)));
    }

    /** The page has no login, so it must not be reachable from outside. */
    private static StatusSettings statusListen(String text) throws Refusal {
        if (text.equals("off")) {
            return new StatusSettings(Optional.empty());
        }
        Endpoint endpoint = EndpointText.parse(text);
        InetAddress address = null;
        if (endpoint.host() instanceof Host.Address literal) {
            address = literal.value();
        } else if (endpoint.host() instanceof Host.Name name && Reach.isLocalhost(name.value())) {
            address = Reach.LOOPBACK_V4;
        }
        if (address == null || !address.isLoopbackAddress() || endpoint.ports().size() > 1) {
            throw new Refusal(Shown.quoted(text), STATUS_EXPECTED);
        }
        return new StatusSettings(
                Optional.of(new InetSocketAddress(address, endpoint.ports().first())));
    }

    private LogSettings log(Section section) {
        section.refuseUnknownKeys(Keys.LOG);
        Level level = section.read("level", Readings.oneOf(LEVELS)).orElse(Level.INFO);
        Optional<Path> logFile = section.read("file", Readings.text("a path in quotes", this::logFile))
                .flatMap(path -> path);
        return new LogSettings(level, logFile);
    }

    private Optional<Path> logFile(String text) throws Refusal {
        if (text.indexOf('%') >= 0) {
            throw new Refusal(
                    Shown.quoted(text) + " has a %", "a path without, as the names of rolled files are made with it");
        }
        if (text.codePoints().anyMatch(TerminalText::isUnprintable)) {
            throw new Refusal(Shown.quoted(text) + " has characters that cannot be shown", "a path without");
        }
        try {
            return text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(file.toAbsolutePath().resolveSibling(text).normalize());
        } catch (InvalidPathException notHere) {
            throw new Refusal(Shown.quoted(text) + " is no path", "a path of this system; \"\" for the console");
        }
    }

    private List<Draft> forwards(TomlTable root, Knobs defaults, boolean mayBeNone) {
        Object found = root.get(List.of("forward"));
        if (found == null || (found instanceof TomlArray none && none.isEmpty())) {
            if (problems.sawWholeFile() && !mayBeNone) {
                problems.note(found == null ? START : positionOf(root, "forward"), "nothing to forward", ONE_FORWARD);
            }
            return List.of();
        }
        if (!(found instanceof TomlArray array)) {
            problems.note(positionOf(root, "forward"), "forward is " + Readings.described(found), BRACKETS);
            return List.of();
        }
        List<Draft> drafts = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            TomlPosition start = problems.source().element(array.inputPositionOf(i));
            if (array.get(i) instanceof TomlTable table) {
                new ForwardReader(table, start, i + 1, problems, defaults)
                        .read()
                        .ifPresent(drafts::add);
            } else {
                problems.note(start, "forward is " + Readings.described(array.get(i)), BRACKETS);
            }
        }
        return drafts;
    }

    private void refuseMissingProbe(Section section, boolean asked) {
        boolean answered = section.has("address") || section.has("command");
        if (asked && !answered && !computer.isWindows()) {
            section.miss("the built-in probe works on Windows only", "address or command, which say where wsl is");
        }
    }

    /** Who listens is read in the same call as the address, and with a fixed one there is no call. */
    private static void refuseWithoutALook(Section auto, Section wsl) {
        if (wsl.has("address")) {
            auto.miss(
                    "with the fixed [wsl] address of line " + wsl.at("address").line()
                            + " nobody looks into WSL, so no port would appear",
                    "no [wsl] address, or [wsl] command in its place");
        }
    }

    private boolean refuseTooMuch(List<Draft> drafts) {
        int entries = 0;
        int ports = 0;
        for (Draft draft : drafts) {
            for (Placed<Endpoint> listen : draft.listens()) {
                ports += listen.value().ports().size() * draft.protocols().size();
                entries++;
                if (ports > MOST_PORTS || entries > MOST_ENTRIES) {
                    String sums = "with " + ports + " ports in " + entries + " listen entries the file is too large";
                    String most = "at most " + MOST_PORTS + " ports in " + MOST_ENTRIES + " entries";
                    problems.note(listen.at(), draft.label() + ": " + sums, most);
                    return true;
                }
            }
        }
        return false;
    }

    private void checkTogether(List<Draft> drafts, WslSettings wsl, StatusSettings status) {
        if (refuseTooMuch(drafts)) {
            return;
        }
        Reach reach = new Reach(computer, wsl.address());
        new Conflicts(reach, problems).check(drafts, status);
        new Loops(reach, problems).check(drafts);
    }
}
