package io.github.wslproxy.bench.compare.load;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.wslproxy.bench.compare.lab.Background;
import io.github.wslproxy.bench.compare.lab.FailedRunException;
import io.github.wslproxy.bench.compare.lab.Lab;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Bulk data by iperf3. Each run has a server of its own, so that one which went wrong cannot spoil the next. */
public final class Iperf3 {
    private static final String BOTH_WAYS = "--bidir";
    private static final int MOST_TRIES = 8;

    private Iperf3() {}

    /**
     * What has arrived, of both directions where both were asked for.
     *
     * @param gigabytes of payload, 10^9 bytes each
     * @param lostPercent of UDP; 0 for TCP
     */
    public record Report(double gigabitsPerSecond, double gigabytes, double lostPercent) {}

    /**
     * Runs one test. With --bidir iperf3 tells its links apart by the order in which its server accepts them, which no
     * relay has to keep: if they are swapped nothing moves at all, and the test is run again.
     *
     * @param options of the client, such as -P 8; none is one TCP stream to the server
     * @throws FailedRunException also if nothing has arrived
     */
    public static Report run(Lab lab, int port, int serverPort, int seconds, String... options)
            throws IOException, InterruptedException {
        int tries = List.of(options).contains(BOTH_WAYS) ? MOST_TRIES : 1;
        for (int i = 0; i < tries; i++) {
            Report report = runOnce(lab, port, serverPort, seconds, options);
            if (report.gigabytes() > 0) {
                return report;
            }
        }
        throw new FailedRunException("iperf3: nothing arrived");
    }

    private static Report runOnce(Lab lab, int port, int serverPort, int seconds, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "iperf3", "-J", "-c", "127.0.0.1", "-p", Integer.toString(port), "-t", Integer.toString(seconds)));
        command.addAll(List.of(options));
        try (Background server = lab.start(
                List.of("iperf3", "-s", "-1", "-B", "127.0.0.1", "-p", Integer.toString(serverPort)), Map.of())) {
            Servers.awaitTcp(server, serverPort);
            return parse(Generator.output(command));
        }
    }

    static Report parse(String output) throws FailedRunException {
        JsonObject report = json(output);
        if (report.has("error")) {
            throw new FailedRunException("iperf3: " + report.get("error").getAsString());
        }
        JsonObject end = report.getAsJsonObject("end");
        List<JsonObject> received = Stream.of("sum_received", "sum_received_bidir_reverse")
                .filter(end::has)
                .map(end::getAsJsonObject)
                .toList();
        double bits = received.stream()
                .mapToDouble(sum -> sum.get("bits_per_second").getAsDouble())
                .sum();
        double bytes = received.stream()
                .mapToDouble(sum -> sum.get("bytes").getAsDouble())
                .sum();
        return new Report(bits / 1e9, bytes / 1e9, lost(end));
    }

    private static double lost(JsonObject end) {
        JsonObject received = end.getAsJsonObject("sum_received");
        if (!received.has("lost_percent")) {
            return 0;
        }
        // Its own percentage counts every datagram that was overtaken as lost.
        double sent = end.getAsJsonObject("sum_sent").get("bytes").getAsDouble();
        return 100 * (1 - received.get("bytes").getAsDouble() / sent);
    }

    private static JsonObject json(String output) throws FailedRunException {
        try {
            return JsonParser.parseString(output).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw new FailedRunException("iperf3: no JSON but: " + Generator.firstLine(output));
        }
    }
}
