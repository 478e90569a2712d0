package io.github.wslproxy.config;

import io.github.wslproxy.config.TomlTableReader.Located;
import io.github.wslproxy.config.ValueParser.InvalidValue;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.os.SafeText;
import io.github.wslproxy.target.WslSettings;
import io.github.wslproxy.target.WslSettings.OnStopped;
import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads {@code [wsl]}. */
final class WslParser {
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration HOLD = Duration.ofSeconds(30);
    private static final Map<String, OnStopped> ON_STOPPED =
            Map.of("refuse", OnStopped.REFUSE, "hold", OnStopped.HOLD, "wake", OnStopped.WAKE);
    private static final String ADDRESS = "an IPv4 or IPv6 address in quotes";
    private static final String COMMAND = "an array as [\"wsl.exe\", \"hostname\", \"-I\"]";

    private final TomlTableReader table;
    private final Path file;

    /** @param file the configuration, beside which a program may lie */
    WslParser(TomlTableReader table, Path file) {
        this.table = table;
        this.file = file;
    }

    WslSettings read() {
        table.refuseUnknownKeys(Keys.WSL);
        table.refuseBoth("address", "command");
        table.refuseBoth("distribution", "address");
        table.refuseBoth("distribution", "command");
        return new WslSettings(
                table.read("distribution", ValueParser.text("a name in quotes", WslParser::distribution)),
                table.read("address", ValueParser.text(ADDRESS, WslParser::address)),
                command(),
                table.read("interval", ValueParser.duration("100ms", "1h")).orElse(INTERVAL),
                table.read("timeout", ValueParser.duration("100ms", "10m")).orElse(TIMEOUT),
                table.read("on_stopped", ValueParser.oneOf(ON_STOPPED)).orElse(OnStopped.REFUSE),
                table.read("hold", ValueParser.duration("100ms", "10m")).orElse(HOLD),
                table.read("localhost", ValueParser::onOrOff).orElse(OperatingSystem.isWindows()));
    }

    private List<String> command() {
        List<String> command = table.readEach("command", ValueParser.text("a string", WslParser::word), COMMAND)
                .map(words -> words.stream().map(Located::value).toList())
                .orElse(List.of());
        if (table.accepted("command") && table.has("command")) {
            if (command.isEmpty() || command.get(0).isBlank()) {
                table.refuse("command", "names no program", COMMAND);
            }
        }
        return command.isEmpty()
                ? command
                : Stream.concat(
                                Stream.of(program(command.get(0))),
                                command.stream().skip(1))
                        .toList();
    }

    /**
     * A relative path starts at the folder of the file, as everywhere in it: a program of the working directory is
     * never run.
     */
    private String program(String word) {
        try {
            Path path = Path.of(word);
            boolean isRelative = !path.isAbsolute() && (path.getNameCount() > 1 || word.startsWith("."));
            return isRelative
                    ? file.toAbsolutePath().resolveSibling(word).normalize().toString()
                    : word;
        } catch (InvalidPathException noPath) {
            return word;
        }
    }

    /** The name becomes an argument of wsl.exe, which would read a quote or a leading dash as something else. */
    private static String distribution(String text) throws InvalidValue {
        boolean plain = text.codePoints().noneMatch(c -> c == '"' || SafeText.isUnprintable(c));
        if (text.isBlank() || text.startsWith("-") || !plain) {
            throw new InvalidValue(SafeText.quoted(text), "a name as \"wsl -l\" shows it");
        }
        return text;
    }

    private static InetAddress address(String text) throws InvalidValue {
        InetAddress address = IpLiteral.parse(text);
        if (address == null || address.isAnyLocalAddress() || address.isMulticastAddress()) {
            throw new InvalidValue(SafeText.quoted(text) + " is not the address of a computer", ADDRESS);
        }
        return address;
    }

    private static String word(String text) throws InvalidValue {
        if (text.indexOf('\0') >= 0) {
            throw new InvalidValue(SafeText.quoted(text) + " has a NUL character", "none: no program can be given one");
        }
        return text;
    }
}
