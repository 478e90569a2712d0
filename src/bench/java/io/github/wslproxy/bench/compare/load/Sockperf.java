package io.github.wslproxy.bench.compare.load;

import io.github.wslproxy.bench.compare.lab.FailedRunException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Round trips of one small message at a time by sockperf. Its smallest message has 14 bytes, not one. */
public final class Sockperf {
    private static final String SMALLEST = "14";

    private static final Pattern RECEIVED = Pattern.compile("\\[Total Run].*ReceivedMessages=(\\d+)");
    private static final Pattern DROPPED = Pattern.compile("# dropped messages = (\\d+)");
    private static final Pattern P50 = Pattern.compile("percentile 50\\.000 =\\s+([\\d.]+)");
    private static final Pattern P99 = Pattern.compile("percentile 99\\.000 =\\s+([\\d.]+)");

    private Sockperf() {}

    /** Latencies in microseconds, there and back. */
    public record Report(double roundTrips, double p50, double p99) {}

    /**
     * Runs one test.
     *
     * @param options such as --tcp; none is UDP
     */
    public static Report pingPong(int port, int seconds, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "sockperf",
                "ping-pong",
                "-i",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-m",
                SMALLEST,
                "--full-rtt",
                "-t",
                Integer.toString(seconds)));
        command.addAll(List.of(options));
        return parse(Generator.output(command));
    }

    static Report parse(String coloured) throws FailedRunException {
        // It ends with status 0 even if it could not connect.
        String output = Generator.withoutColours(coloured);
        double dropped = Generator.number("sockperf", DROPPED, output);
        if (dropped > 0) {
            throw new FailedRunException("sockperf: " + Math.round(dropped) + " messages were lost");
        }
        return new Report(
                Generator.number("sockperf", RECEIVED, output),
                Generator.number("sockperf", P50, output),
                Generator.number("sockperf", P99, output));
    }
}
