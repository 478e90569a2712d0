package io.github.wslproxy.bench.compare.load;

import io.github.wslproxy.bench.compare.lab.FailedRunException;
import io.github.wslproxy.bench.compare.lab.Lab;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HTTP requests by wrk: each link sends the next one when the answer is there. */
public final class Wrk {
    /** What wrk prints by itself has no 99.9th percentile. */
    private static final String SCRIPT = """
            done = function(summary, latency, requests)
              local e = summary.errors
              io.write(string.format(
                "report requests=%d us=%d connect=%d read=%d write=%d status=%d timeout=%d p50=%d p99=%d p999=%d\\n",
                summary.requests, summary.duration, e.connect, e.read, e.write, e.status, e.timeout,
                latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
            end
            """;

    private static final Pattern REPORT = Pattern.compile("(?m)^report (.*)$");

    /** Kinds of errors that it counts; each of them spoils the run. */
    private static final List<String> ERRORS = List.of("connect", "read", "write", "status", "timeout");

    private Wrk() {}

    /** Latencies in milliseconds. */
    public record Report(double requests, double requestsPerSecond, double p50, double p99, double p999) {}

    /**
     * Runs one test.
     *
     * @param options more of them, such as a header
     */
    public static Report run(Lab lab, int port, int seconds, int links, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "wrk",
                // One thread, since each more would take a core from relay and server.
                "-t1",
                "-c" + links,
                "-d" + seconds,
                "--timeout",
                "10s",
                "-s",
                lab.file("report.lua", SCRIPT).toString()));
        command.addAll(List.of(options));
        command.add("http://127.0.0.1:" + port + "/");
        return parse(Generator.output(command));
    }

    static Report parse(String output) throws FailedRunException {
        Matcher report = REPORT.matcher(output);
        if (!report.find()) {
            throw new FailedRunException("wrk: no result but: " + Generator.firstLine(output));
        }
        Map<String, Double> values = new LinkedHashMap<>();
        for (String field : report.group(1).split(" ", -1)) {
            int equals = field.indexOf('=');
            values.put(field.substring(0, equals), Double.valueOf(field.substring(equals + 1)));
        }
        refuseErrors(values);
        double requests = get(values, "requests");
        return new Report(
                requests,
                requests / (get(values, "us") / 1e6),
                get(values, "p50") / 1e3,
                get(values, "p99") / 1e3,
                get(values, "p999") / 1e3);
    }

    private static void refuseErrors(Map<String, Double> values) throws FailedRunException {
        List<String> errors = ERRORS.stream()
                .filter(kind -> get(values, kind) > 0)
                .map(kind -> kind + " " + Math.round(get(values, kind)))
                .toList();
        if (!errors.isEmpty()) {
            throw new FailedRunException("wrk: errors: " + String.join(", ", errors));
        }
        if (get(values, "requests") == 0) {
            throw new FailedRunException("wrk: no request was answered");
        }
    }

    private static double get(Map<String, Double> values, String name) {
        return values.getOrDefault(name, 0.0);
    }
}
