package io.github.wslproxy.windows;

import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what netstat, tasklist and netsh print. Their words are localized, so only numbers and names count. */
final class ToolOutput {
    /**
     * The state of a listener is localized (LISTENING, ABHÖREN, ESCUCHANDO, IN ATTESA); its remote side is not: it
     * has port 0 for TCP and is {@code *:*} for UDP.
     */
    private static final Pattern TCP_LISTENER =
            Pattern.compile("TCP\\s+(\\S{1,100}):(\\d{1,5})\\s+\\S{1,100}:0\\s+\\D.{0,40}?\\s(\\d{1,10})");

    private static final Pattern UDP_LISTENER =
            Pattern.compile("UDP\\s+(\\S{1,100}):(\\d{1,5})\\s+\\*:\\*\\s+(?:\\D.{0,40}?\\s)?(\\d{1,10})");
    private static final Pattern CSV_FIELD = Pattern.compile("\"([^\"]*)\"(?:,|$)");
    private static final Pattern EXCLUDED_RANGE = Pattern.compile("\\s*(\\d{1,5})\\s+(\\d{1,5})\\s*(\\*)?\\s*");

    private ToolOutput() {}

    /** One socket that takes clients. */
    record ListeningSocket(Protocol protocol, String address, int port, long pid) {}

    // ---- netstat -ano

    /** Empty if nothing could be read, as where there is no column with process ids. */
    static List<ListeningSocket> listeningSockets(String netstat) {
        return netstat.lines()
                .map(String::strip)
                .flatMap(line -> listeningSocket(Protocol.TCP, TCP_LISTENER.matcher(line))
                        .or(() -> listeningSocket(Protocol.UDP, UDP_LISTENER.matcher(line)))
                        .stream())
                .toList();
    }

    private static Optional<ListeningSocket> listeningSocket(Protocol protocol, Matcher row) {
        return row.matches() && Integer.parseInt(row.group(2)) <= PortRange.MAX_PORT
                ? Optional.of(new ListeningSocket(
                        protocol, row.group(1), Integer.parseInt(row.group(2)), Long.parseLong(row.group(3))))
                : Optional.empty();
    }

    // ---- tasklist /fo csv /nh, with or without /svc

    /** The name of the program's file. Where there is no such process, tasklist prints a localized line instead. */
    static Optional<String> program(String tasklist, long pid) {
        return process(tasklist, pid).map(fields -> fields.get(0)).filter(name -> !name.isBlank());
    }

    /** The services in that process, with commas between. For none {@code /svc} prints N/A in some language. */
    static Optional<String> services(String tasklist, long pid) {
        return process(tasklist, pid)
                .filter(fields -> fields.size() == 3)
                .map(fields -> fields.get(2))
                .filter(services -> services.matches("[A-Za-z0-9_.,-]{2,200}"));
    }

    private static Optional<List<String>> process(String tasklist, long pid) {
        return tasklist.lines()
                .map(ToolOutput::csvFields)
                .filter(fields -> fields.size() >= 2 && fields.get(1).equals(Long.toString(pid)))
                .findFirst();
    }

    private static List<String> csvFields(String line) {
        List<String> fields = new ArrayList<>();
        Matcher field = CSV_FIELD.matcher(line.strip());
        while (field.find()) {
            fields.add(field.group(1));
        }
        return fields;
    }

    // ---- netsh interface ipv4 show excludedportrange

    /**
     * The ranges that no program can bind. Those with an asterisk, which an administrator has set, are left out: they
     * keep Windows from handing the port out and let a program bind it, which is what makes them the cure for the
     * others (docker/for-win#3171).
     */
    static List<PortRange> closedRanges(String netsh) {
        return netsh.lines().flatMap(line -> closedRange(line).stream()).toList();
    }

    private static Optional<PortRange> closedRange(String line) {
        Matcher row = EXCLUDED_RANGE.matcher(line);
        if (!row.matches() || row.group(3) != null) {
            return Optional.empty();
        }
        int first = Integer.parseInt(row.group(1));
        int last = Integer.parseInt(row.group(2));
        boolean range = first <= last && last <= PortRange.MAX_PORT;
        return range ? Optional.of(new PortRange(first, last)) : Optional.empty();
    }
}
