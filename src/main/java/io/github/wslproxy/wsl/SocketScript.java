package io.github.wslproxy.wsl;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is run inside the VM to see who listens, in one call, and what its output means: the networking mode, the
 * sockets, the commands of the newest processes.
 *
 * <p>Like {@link GuestScript} it has no double quotes and no backslashes. {@code ss} is missing on minimal systems, and
 * old ones have it without {@code -H}: then {@code /proc} is read, from which the listeners alone are taken, as all of
 * it may be long: no peer, and state 0A (TCP) or 07 (UDP).
 */
final class SocketScript {
    static final String SOCKETS = "--sockets--";
    private static final String BY_SS = "--ss--";
    static final String BY_PROC = "--proc--";
    private static final String COMMANDS = "--commands--";

    /** Prints the listeners, each after the name of its file. */
    static final String READ_PROC =
            "grep -H -e :0000.0A -e :0000.07 /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6 2>/dev/null; ";

    static final String TEXT = "/bin/wslinfo --networking-mode 2>/dev/null || echo nat; echo " + SOCKETS + "; "
            + "if ss -H -ltunp 2>/dev/null; then echo " + BY_SS + "; "
            + "elif test -r /proc/net/tcp; then "
            + READ_PROC + "echo " + BY_PROC + "; fi; "
            + "echo " + COMMANDS + "; ps -eo pid,args 2>/dev/null | cut -c 1-200 | tail -n 400; exit 0";

    private static final Pattern PROCESS = Pattern.compile("^\\s*(\\d+)\\s+(\\S.*)$");

    private final String mode;
    private final String listing;
    private final Map<Long, String> commands;

    SocketScript(String output) {
        int sockets = output.indexOf(SOCKETS);
        int processes = sockets < 0 ? -1 : output.indexOf(COMMANDS, sockets + SOCKETS.length());
        boolean whole = processes >= 0;
        mode = whole ? output.substring(0, sockets).strip() : "unknown";
        listing = whole ? output.substring(sockets + SOCKETS.length(), processes) : "";
        commands = whole ? commands(output.substring(processes + COMMANDS.length())) : Map.of();
    }

    String mode() {
        return mode;
    }

    /** Empty unless one of the two sources was read to its end. */
    Optional<List<GuestSocket>> sockets() {
        if (listing.contains(BY_SS)) {
            return Optional.of(sockets(listing.lines().flatMap(line -> SsLine.parse(line, commands).stream())));
        }
        return listing.contains(BY_PROC)
                ? Optional.of(sockets(listing.lines().flatMap(line -> ProcNetLine.parse(line).stream())))
                : Optional.empty();
    }

    private static List<GuestSocket> sockets(Stream<GuestSocket> sockets) {
        return sockets.distinct().toList();
    }

    private static Map<Long, String> commands(String listing) {
        Map<Long, String> found = new HashMap<>();
        listing.lines()
                .map(PROCESS::matcher)
                .filter(Matcher::matches)
                .forEach(line -> found.put(pid(line), line.group(2)));
        return found;
    }

    private static long pid(Matcher line) {
        String digits = line.group(1);
        return digits.length() > 18 ? -1 : Long.parseLong(digits);
    }
}
