package io.github.wslproxy.relay;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a relay has done since it was started. Safe for any thread. */
public final class RelayCounters {
    private final IntSupplier open;
    private final Predicate<InetAddress> isThisComputer;
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private volatile @Nullable LastError lastError;
    private volatile @Nullable LastClient lastClient;
    private volatile @Nullable OwnClient lastOwnClient;

    /**
     * What went wrong last.
     *
     * @param at for people, and to tell which of two is newer
     */
    public record LastError(Instant at, String text) {}

    /**
     * The newest client that came from another computer.
     *
     * @param refusal why it got no link or session; empty if it got one
     */
    public record LastClient(InetAddress address, Instant at, String refusal) {}

    /** The newest client that came from this computer, and got a link or a session. */
    public record OwnClient(InetSocketAddress address, Instant at) {}

    /**
     * Everything at zero.
     *
     * @param open how many links or sessions there are now
     * @param isThisComputer clients that are kept apart from the others: a browser here, which asks again every second, would
     *     hide the phone that somebody waits for
     */
    public RelayCounters(IntSupplier open, Predicate<InetAddress> isThisComputer) {
        this.open = open;
        this.isThisComputer = isThisComputer;
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

    /**
     * Keeps a client as the last one of this computer or of the others.
     *
     * @param refusal why it got no link or session; empty if it got one
     */
    public void noteClient(InetSocketAddress client, String refusal) {
        if (!isThisComputer.test(client.getAddress())) {
            lastClient = new LastClient(client.getAddress(), Instant.now(), refusal);
        } else if (refusal.isEmpty()) {
            lastOwnClient = new OwnClient(client, Instant.now());
        }
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

    public Optional<OwnClient> lastOwnClient() {
        return Optional.ofNullable(lastOwnClient);
    }

    public Optional<LastClient> lastClient() {
        return Optional.ofNullable(lastClient);
    }
}
