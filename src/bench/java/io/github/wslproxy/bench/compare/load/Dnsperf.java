package io.github.wslproxy.bench.compare.load;

import io.github.wslproxy.bench.compare.lab.FailedRunException;
import io.github.wslproxy.bench.compare.lab.Lab;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Requests and replies over UDP by dnsperf, from a few clients at once. */
public final class Dnsperf {
    private static final Pattern COMPLETED = Pattern.compile("Queries completed:\\s+(\\d+)");
    private static final Pattern LOST = Pattern.compile("Queries lost:\\s+(\\d+)");
    private static final Pattern SENT = Pattern.compile("Queries sent:\\s+(\\d+)");
    private static final Pattern PER_SECOND = Pattern.compile("Queries per second:\\s+([\\d.]+)");

    private Dnsperf() {}

    public record Report(double repliesPerSecond, double lostPercent) {}

    /**
     * Runs one test.
     *
     * @param options such as -Q for a fixed rate and -q for how many queries may be on their way
     */
    public static Report run(Lab lab, int port, int seconds, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "dnsperf",
                "-s",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-d",
                lab.file("queries", "bench.example A\n").toString(),
                "-t",
                "1",
                "-l",
                Integer.toString(seconds)));
        command.addAll(List.of(options));
        return parse(Generator.output(command));
    }

    static Report parse(String output) throws FailedRunException {
        if (Generator.number("dnsperf", COMPLETED, output) == 0) {
            throw new FailedRunException("dnsperf: no query was answered");
        }
        double sent = Generator.number("dnsperf", SENT, output);
        return new Report(
                Generator.number("dnsperf", PER_SECOND, output),
                100 * Generator.number("dnsperf", LOST, output) / sent);
    }
}
