package io.github.wslproxy.bench.compare;

import io.github.wslproxy.bench.ComputerLoad;
import io.github.wslproxy.bench.compare.lab.Commands;
import io.github.wslproxy.bench.compare.program.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the figures were measured on, and with: name and value, in the order they are printed in. */
final class Machine {
    private static final Pattern MODEL = Pattern.compile("(?m)^model name\\s*: (.*)$");
    private static final Pattern MEMORY = Pattern.compile("MemTotal:\\s+(\\d+) kB");

    private Machine() {}

    static Map<String, String> facts(List<Program> programs) throws IOException, InterruptedException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "date",
                ZonedDateTime.now(ZoneOffset.UTC)
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString());
        facts.put("processor", Runtime.getRuntime().availableProcessors() + " x " + first(MODEL, "/proc/cpuinfo"));
        facts.put("memory", Long.parseLong(first(MEMORY, "/proc/meminfo")) / 1000 + " MB");
        facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put(
                "congestion control",
                Files.readString(Path.of("/proc/sys/net/ipv4/tcp_congestion_control"))
                        .strip());
        facts.put("busy before", busy());
        for (Program program : programs) {
            facts.put(program.column().name(), program.version());
        }
        tool(facts, "iperf3", "--version");
        tool(facts, "wrk", "-v");
        tool(facts, "sockperf", "--version");
        tool(facts, "dnsperf", "-h");
        return facts;
    }

    /** Anything but next to nothing makes the figures worth less. */
    private static String busy() throws IOException, InterruptedException {
        ComputerLoad load = new ComputerLoad();
        Thread.sleep(2000);
        return Math.round(100 * load.busyShare()) + " % of all cores";
    }

    private static void tool(Map<String, String> facts, String name, String option)
            throws IOException, InterruptedException {
        if (Commands.find(name).isEmpty()) {
            facts.put(name, "not installed");
            return;
        }
        Matcher version = Pattern.compile("(?i)(?:version |iperf |debian/)(\\d+\\.\\d+[\\w.-]*)")
                .matcher(Commands.versionOutput(List.of(name, option)));
        facts.put(name, version.find() ? version.group(1) : "unknown");
    }

    private static String first(Pattern pattern, String file) throws IOException {
        Matcher matcher = pattern.matcher(Files.readString(Path.of(file)));
        return matcher.find() ? matcher.group(1) : "0";
    }
}
