package io.github.wslproxy.bench.soak;

import io.github.wslproxy.bench.JavaHeap;
import io.github.wslproxy.bench.ProcessFigures;
import io.github.wslproxy.bench.RunningProxy;
import io.github.wslproxy.forward.DurationWords;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The moments without a client, at the end of each cycle, where the proxy must hold nothing any more: no link, no
 * session, no child, no connection to a server, and not one descriptor more than at the best quiet moment of the
 * warm-up.
 */
final class QuietMoments {
    /** Several times the longest timeout among the forwards. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int NOT_YET = -1;
    private static final int HOLDS_SOMETHING = Integer.MAX_VALUE;
    private static final long PAUSE_MILLIS = 100;

    /** In the warm-up the descriptors count when they have not changed for so long. */
    private static final int LOOKS_UNCHANGED = 5;

    private final RunningProxy proxy;
    private final StatusReader status;
    private final VmServers servers;
    private final Sampler sampler;
    private final JavaHeap heap;
    private final Findings findings;
    private final List<Sample> samples = new ArrayList<>();
    private int fewestDescriptors = Integer.MAX_VALUE;
    private int warmFrom = NOT_YET;
    private long liveHeapWhenWarm;

    QuietMoments(RunningProxy proxy, StatusReader status, VmServers servers, Sampler sampler, Findings findings) {
        this.proxy = proxy;
        this.status = status;
        this.servers = servers;
        this.sampler = sampler;
        this.heap = new JavaHeap(proxy.pid());
        this.findings = findings;
    }

    /** Waits until all has returned, and looks. To be called when no client acts any more. */
    void take() throws IOException, InterruptedException {
        long held = heap.heldBytes();
        if (!isQuietWithinPatience()) {
            findings.add("not returned within " + DurationWords.of(PATIENCE) + ": " + left());
        }
        Sample sample = sampler.take(Optional.of(held));
        samples.add(sample);
        System.err.println(String.format(
                Locale.ROOT,
                "soak: quiet after %.1f minutes: RSS %d MiB, %d descriptors, %d threads; %d findings so far",
                sample.minutes(),
                sample.residentBytes() >> 20,
                sample.descriptors(),
                sample.threads(),
                findings.count()));
    }

    /** From the last sample on, what grows is a finding. */
    void warmUpIsOver() throws IOException, InterruptedException {
        warmFrom = samples.size() - 1;
        liveHeapWhenWarm = heap.liveBytes();
    }

    boolean isWarm() {
        return warmFrom != NOT_YET;
    }

    /** How many of the samples count for the slopes: those since the warm-up was over, its last among them. */
    int warm() {
        return samples.size() - warmFrom;
    }

    List<Sample> samples() {
        return List.copyOf(samples);
    }

    /** By how many bytes more objects live than after the warm-up. Forces a collection. */
    long liveHeapGrowth() throws IOException, InterruptedException {
        return heap.liveBytes() - liveHeapWhenWarm;
    }

    private boolean isQuietWithinPatience() throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        int unchanged = 0;
        int before = -1;
        while (System.nanoTime() < end) {
            int descriptors = descriptorsWhenNothingIsHeld();
            unchanged = descriptors == before ? unchanged + 1 : 0;
            before = descriptors;
            boolean returned = isWarm() ? descriptors <= fewestDescriptors : unchanged >= LOOKS_UNCHANGED;
            if (returned && descriptors != HOLDS_SOMETHING) {
                note(descriptors);
                return true;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return false;
    }

    /** Not those of the first moment, when nothing was used yet. */
    private void note(int descriptors) {
        if (!samples.isEmpty()) {
            fewestDescriptors = Math.min(fewestDescriptors, descriptors);
        }
    }

    /** Without those that listen, one for each forward: an edit may have removed one, or brought it back. */
    private int descriptorsWhenNothingIsHeld() throws IOException {
        StatusFigures figures;
        try {
            figures = status.read();
        } catch (IOException failed) {
            return HOLDS_SOMETHING;
        }
        boolean holdsNothing = figures.links() == 0
                && figures.sessions() == 0
                && proxy.children().isEmpty()
                && servers.open() == 0;
        return holdsNothing
                ? ProcessFigures.of(proxy.pid()).descriptorCount()
                        - figures.open().size()
                : HOLDS_SOMETHING;
    }

    private String left() throws IOException {
        return "descriptors " + ProcessFigures.of(proxy.pid()).descriptors() + " (in the warm-up "
                + (fewestDescriptors == HOLDS_SOMETHING ? "never quiet" : fewestDescriptors + " beside the listeners")
                + "), connections at the server " + servers.open() + ", children "
                + proxy.children().size() + ", open " + status.read().open();
    }
}
