package io.github.wslproxy.relay;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** What a relay has done since it was started. Safe for any thread. */
public final class RelayCounters {
    private final IntSupplier open;
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private volatile @Nullable LastError lastError;

    /**
     * What went wrong last.
     *
     * @param at for people, and to tell which of two is newer
     */
    public record LastError(Instant at, String text) {}

    /** @param open how many links or sessions there are now */
    public RelayCounters(IntSupplier open) {
        this.open = open;
    }

    /** A client got a link or a session. */
    public void countAccepted() {
        accepted.increment();
    }

    /** A client was turned away, or its target could not be reached. */
    public void countRefused() {
        refused.increment();
    }

    /** Bytes from a client to the target. */
    public void countBytesIn(long bytes) {
        bytesIn.add(bytes);
    }

    /** Bytes from the target to a client. */
    public void countBytesOut(long bytes) {
        bytesOut.add(bytes);
    }

    /** Keeps {@code error}, one line a person understands, as the last one. */
    public void noteError(String error) {
        lastError = new LastError(Instant.now(), error);
    }

    public long open() {
        return open.getAsInt();
    }

    public long accepted() {
        return accepted.sum();
    }

    public long refused() {
        return refused.sum();
    }

    public long bytesIn() {
        return bytesIn.sum();
    }

    public long bytesOut() {
        return bytesOut.sum();
    }

    public Optional<LastError> lastError() {
        return Optional.ofNullable(lastError);
    }
}
