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

/** One soak, from the zip to the end of the proxy. */
final class SoakRun {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

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
        Cycles cycles = new Cycles(proxy, ground.of(SoakForward.STEADY), visitors, weather, quiet, judge);

        sampler.start();
        cycles.run(length);
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

    private List<Play> plays(World world, UdpPlays udp) {
        List<Play> plays = new ArrayList<>(new TcpPlays(ground, world).all());
        plays.addAll(udp.all());
        plays.addAll(new StatusPlays(status, ground.status()).all());
        return plays;
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
        ProxyLog.defects(folder).forEach(findings::add);
        if (Files.exists(peerErrors)) {
            Files.readAllLines(peerErrors).forEach(line -> findings.add("a peer process: " + line));
        }
    }
}
