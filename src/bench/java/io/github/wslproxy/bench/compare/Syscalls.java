package io.github.wslproxy.bench.compare;

import io.github.wslproxy.bench.compare.lab.Background;
import io.github.wslproxy.bench.compare.lab.Commands;
import io.github.wslproxy.bench.compare.lab.Lab;
import io.github.wslproxy.bench.compare.load.Iperf3;
import io.github.wslproxy.bench.compare.load.Servers;
import io.github.wslproxy.bench.compare.load.Sockperf;
import io.github.wslproxy.bench.compare.load.Wrk;
import io.github.wslproxy.bench.compare.program.Assignment;
import io.github.wslproxy.bench.compare.program.Program;
import io.github.wslproxy.bench.compare.program.Protocol;
import io.github.wslproxy.bench.compare.program.Relay;
import io.github.wslproxy.bench.compare.program.Route;
import io.github.wslproxy.bench.compare.row.Pace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How many system calls a program makes for what it carries, counted by strace. That slows it down, so times mean nothing
 * and a call may carry more than it does at full speed.
 */
final class Syscalls {
    /** A line of {@code strace -c}: share, seconds, microseconds for one call, calls, perhaps errors, name. */
    private static final Pattern LINE =
            Pattern.compile("(?m)^\\s*[\\d.]+\\s+[\\d.]+\\s+\\d+\\s+(\\d+)\\s+(?:\\d+\\s+)?(\\w+)$");

    private static final String TOTAL = "total";
    private static final int MOST_NAMES = 5;
    private static final int ATTACH_MILLIS = 500;

    private final Lab lab;
    private final Pace pace;

    Syscalls(Lab lab, Pace pace) {
        this.lab = lab;
        this.pace = pace;
    }

    /** A load that says how much it has carried. */
    private interface Load {
        double run(Relay relay) throws IOException, InterruptedException;
    }

    String table(List<Program> programs) throws IOException, InterruptedException {
        if (Commands.find("strace").isEmpty()) {
            return "system calls: skipped: strace is not installed\n";
        }
        StringBuilder table = new StringBuilder("| load | program | calls for each | of these |\n|---|---|---|---|\n");
        for (Program program : programs) {
            if (program.isRelay()) {
                table.append(count("MB, one stream", program, Protocol.TCP, this::megabytes));
                table.append(count("request, 64 links", program, Protocol.TCP, this::requests));
                table.append(count("datagram, one at a time", program, Protocol.UDP, this::datagrams));
            }
        }
        return table.toString();
    }

    private String count(String load, Program program, Protocol protocol, Load run) throws InterruptedException {
        return "| " + load + " | " + program.column().name() + " | " + counted(program, protocol, run) + " |\n";
    }

    private String counted(Program program, Protocol protocol, Load run) throws InterruptedException {
        if (!program.carries(protocol)) {
            return "- | it has no " + protocol;
        }
        try (Relay relay =
                Relay.start(program, Assignment.of(new Route(protocol, lab.freePort(), lab.freePort())), lab)) {
            run.run(relay);
            Path counts = lab.file("strace", "");
            double amount;
            try (Background strace = lab.start(strace(relay, counts), Map.of())) {
                Thread.sleep(ATTACH_MILLIS);
                strace.requireAlive();
                amount = run.run(relay);
            }
            return text(parse(Files.readString(counts)), amount);
        } catch (IOException e) {
            return "failed | " + e.getMessage();
        }
    }

    private static List<String> strace(Relay relay, Path counts) {
        List<String> command = new ArrayList<>(List.of("strace", "-c", "-f", "-o", counts.toString()));
        relay.processes().pids().forEach(pid -> command.addAll(List.of("-p", Long.toString(pid))));
        return command;
    }

    private double megabytes(Relay relay) throws IOException, InterruptedException {
        return 1000
                * Iperf3.run(lab, relay.port(0), relay.targetPort(0), pace.load())
                        .gigabytes();
    }

    private double requests(Relay relay) throws IOException, InterruptedException {
        try (Background web = Servers.web(lab, relay.targetPort(0))) {
            double requests = Wrk.run(lab, relay.port(0), pace.load(), 64).requests();
            web.requireAlive();
            return requests;
        }
    }

    /** One there and one back in each round trip. */
    private double datagrams(Relay relay) throws IOException, InterruptedException {
        try (Background echo = Servers.udpEcho(lab, relay.targetPort(0))) {
            double datagrams = 2 * Sockperf.pingPong(relay.port(0), pace.load()).roundTrips();
            echo.requireAlive();
            return datagrams;
        }
    }

    /** Calls by name. */
    static Map<String, Long> parse(String summary) {
        Map<String, Long> calls = new LinkedHashMap<>();
        Matcher line = LINE.matcher(summary);
        while (line.find()) {
            if (!line.group(2).equals(TOTAL)) {
                calls.merge(line.group(2), Long.parseLong(line.group(1)), Long::sum);
            }
        }
        return calls;
    }

    private static String text(Map<String, Long> calls, double amount) {
        double all = calls.values().stream().mapToLong(Long::longValue).sum() / amount;
        String most = calls.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(MOST_NAMES)
                .map(call -> String.format(Locale.ROOT, "%s %.2f", call.getKey(), call.getValue() / amount))
                .collect(Collectors.joining(", "));
        return String.format(Locale.ROOT, "%.2f | %s", all, most);
    }
}
