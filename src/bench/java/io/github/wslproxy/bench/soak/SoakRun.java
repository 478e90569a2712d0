package io.github.wslproxy.bench.soak;

import io.github.wslproxy.bench.Installed;
import io.github.wslproxy.bench.RunningProxy;
import io.github.wslproxy.testing.BlackHole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * One soak, from the zip to the end of the proxy: cycles of load and weather, each with a quiet moment behind it. The first
 * quarter of the time is the warm-up.
 */
final class SoakRun {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LONGEST_LOAD = Duration.ofSeconds(40);
    private static final int LEAST_CYCLES = 4;
    private static final int WARM_UP_SHARE = 4;

    private final Duration length;
    private final long seed;
    private final Path folder;
    private final Path output;
    private final Path peerErrors;
    private final Findings findings = new Findings();
    private final Ground ground = new Ground();
    private final Throttle throttle = new Throttle();
    private final StatusReader status = new StatusReader(ground.status());

    /**
     * What came of it.
     *
     * @param samples of each second
     * @param quiet those of the quiet moments
     * @param warm how many of the quiet ones count for the slopes
     * @param liveHeapGrowth in bytes, since the warm-up
     * @param acts of clients, by play
     * @param notServed clients that came while the VM was stopped, or their forward was not there
     * @param resetBySystem acts that failed while the system reset connections for want of memory
     * @param sentAgain lost datagrams
     */
    record Outcome(
            List<Sample> samples,
            List<Sample> quiet,
            int warm,
            long liveHeapGrowth,
            Map<String, Long> acts,
            long notServed,
            long resetBySystem,
            long sentAgain,
            Findings findings) {}

    /** @param folder is there and empty; whoever made it removes it */
    SoakRun(Duration length, long seed, Path folder) throws IOException {
        this.length = length;
        this.seed = seed;
        this.folder = folder;
        this.output = folder.resolve("proxy.out");
        this.peerErrors = folder.resolve("peers.err");
    }

    /** Blocks for all its length, and a little more. */
    Outcome run(Path zip) throws IOException, InterruptedException, ExecutionException {
        Path config = folder.resolve("proxy.toml");
        Installed installed = Installed.unpack(zip, Files.createDirectories(folder.resolve("program")));
        try (BlackHole blackHole = new BlackHole(Ground.loopback());
                VmServers servers = new VmServers(ground, findings)) {
            World world = new World(ground, blackHole.port(), new WslScript(folder), config, status, findings);
            try (RunningProxy proxy = installed.start(config, output, folder.resolve("state"))) {
                awaitStart(proxy);
                return soak(proxy, world, servers);
            }
        }
    }

    private void awaitStart(RunningProxy proxy) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!isUp()) {
            if (!proxy.isAlive() || System.nanoTime() > end) {
                throw new IOException("it did not start: " + Files.readString(output));
            }
            Thread.sleep(100);
        }
    }

    private boolean isUp() {
        try {
            return status.read().targetState().equals("up");
        } catch (IOException notYet) {
            return false;
        }
    }

    private Outcome soak(RunningProxy proxy, World world, VmServers servers)
            throws IOException, InterruptedException, ExecutionException {
        Judge judge = new Judge(world, findings);
        UdpPlays udp = new UdpPlays(ground, status, findings);
        Visitors visitors = new Visitors(plays(world, udp), judge, throttle, findings, seed);
        Weather weather = new Weather(ground, world, new Random(seed), peerErrors, findings);
        Sampler sampler = new Sampler(proxy, status, throttle, folder, judge, findings);
        QuietMoments quiet = new QuietMoments(proxy, status, servers, sampler, findings);

        quiet.take();
        sampler.start();
        cycles(proxy, visitors, weather, quiet, judge);
        sampler.stop();
        long liveHeapGrowth = quiet.liveHeapGrowth();
        end(proxy);
        return new Outcome(
                sampler.samples(),
                quiet.samples(),
                quiet.warm(),
                liveHeapGrowth,
                visitors.acts(),
                judge.notServed(),
                judge.resetBySystem(),
                udp.sentAgain(),
                findings);
    }

    private void cycles(RunningProxy proxy, Visitors visitors, Weather weather, QuietMoments quiet, Judge judge)
            throws IOException, InterruptedException, ExecutionException {
        long began = System.nanoTime();
        long load = Math.min(LONGEST_LOAD.toNanos(), length.toNanos() / (LEAST_CYCLES + 2));
        while (System.nanoTime() - began < length.toNanos() - load || !quiet.isWarm()) {
            load(System.nanoTime() + load, visitors, weather, judge);
            if (!proxy.isAlive()) {
                throw new IOException("the proxy has ended by itself: " + Files.readString(output));
            }
            quiet.take();
            if (!quiet.isWarm() && System.nanoTime() - began > length.toNanos() / WARM_UP_SHARE) {
                quiet.warmUpIsOver();
            }
        }
    }

    private List<Play> plays(World world, UdpPlays udp) {
        List<Play> plays = new ArrayList<>(new TcpPlays(ground, world).all());
        plays.addAll(udp.all());
        plays.addAll(new StatusPlays(status, ground.status()).all());
        return plays;
    }

    private void load(long end, Visitors visitors, Weather weather, Judge judge)
            throws IOException, InterruptedException, ExecutionException {
        Judge.Moment began = judge.now();
        try (IdleHerd idle = new IdleHerd(ground.of(SoakForward.STEADY))) {
            List<Future<?>> acting = visitors.actUntil(end);
            weather.blowUntil(end);
            visitors.await(acting);
            try {
                idle.wakeAndPart();
            } catch (IOException e) {
                judge.failed("idle links", e, began);
            }
        }
    }

    /** The soak is over: what the proxy leaves behind must be nothing. */
    private void end(RunningProxy proxy) throws IOException, InterruptedException {
        List<ProcessHandle> children = proxy.children();
        int exit = proxy.terminate(PATIENCE);
        if (exit != 0) {
            findings.add("after SIGTERM it ended with " + exit + " (expected: 0)");
        }
        for (ProcessHandle child : children) {
            if (child.isAlive()) {
                findings.add("it left process " + child.pid() + " behind");
            }
        }
        try (var logs = Files.newDirectoryStream(folder, "{wslproxy*.log*,proxy.out}")) {
            for (Path log : logs) {
                ProxyLog.defects(log).forEach(line -> findings.add(log.getFileName() + " has: " + line));
            }
        }
        if (Files.exists(peerErrors)) {
            Files.readAllLines(peerErrors).forEach(line -> findings.add("a peer process: " + line));
        }
    }
}
