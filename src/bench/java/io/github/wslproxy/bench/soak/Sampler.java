package io.github.wslproxy.bench.soak;

import io.github.wslproxy.bench.ProcessFigures;
import io.github.wslproxy.bench.RunningProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks at the proxy once a second, and once more at each quiet moment. */
final class Sampler {
    private final RunningProxy proxy;
    private final StatusReader status;
    private final Throttle throttle;
    private final Path logs;
    private final Judge judge;
    private final Findings findings;
    private final long began = System.nanoTime();
    private final List<Sample> samples = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("sampler"));

    /** @param logs the folder of the proxy's log */
    Sampler(RunningProxy proxy, StatusReader status, Throttle throttle, Path logs, Judge judge, Findings findings) {
        this.proxy = proxy;
        this.status = status;
        this.throttle = throttle;
        this.logs = logs;
        this.judge = judge;
        this.findings = findings;
    }

    void start() {
        thread.scheduleWithFixedDelay(this::look, 0, 1, TimeUnit.SECONDS);
    }

    /** All of each second so far. */
    List<Sample> samples() {
        return List.copyOf(samples);
    }

    private void look() {
        Judge.Moment began = judge.now();
        try {
            throttle.adjust();
            samples.add(take(Optional.empty()));
        } catch (IOException e) {
            judge.failed("a look at the proxy", e, began);
        } catch (RuntimeException defect) {
            findings.add("a look at the proxy: " + defect);
        }
    }

    /** @param heldHeapBytes if it was asked for */
    Sample take(Optional<Long> heldHeapBytes) throws IOException {
        ProcessFigures process = ProcessFigures.of(proxy.pid());
        int children = proxy.children().size();
        StatusFigures figures = status.read();
        return new Sample(
                (System.nanoTime() - began) / 60e9,
                process.residentBytes(),
                figures.directBytes(),
                heldHeapBytes,
                process.descriptorCount(),
                process.threads(),
                figures.links(),
                figures.sessions(),
                children,
                figures.bytes(),
                process.cpu().toMillis() / 1e3,
                logBytes(),
                throttle.busy());
    }

    private long logBytes() throws IOException {
        long bytes = 0;
        try (var files = Files.newDirectoryStream(logs, "wslproxy*.log*")) {
            for (Path file : files) {
                bytes += file.toFile().length(); // 0 of one that has been rolled away meanwhile.
            }
        }
        return bytes;
    }

    /** Waits for the last look. */
    void stop() throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
            findings.add("the status address hangs");
        }
    }
}
