package io.github.wslproxy.relay;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a relay has done since it was started. Safe for any thread. */
public final class RelayStats {
    private final IntSupplier open;
    private final Predicate<InetAddress> isThisComputer;
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private final AtomicReference<@Nullable LastError> lastError = new AtomicReference<>();
    private volatile @Nullable LastClient lastClient;
    private volatile @Nullable OwnClient lastOwnClient;

    /**
     * What went wrong last.
     *
     * @param at for people, and to tell which of two is newer
     * @param message the text, made when it is read
     * @param refusal empty if it was another failure
     * @param client who was refused; empty if it was another failure
     * @param servedSince when it was over: whoever it befell was served again; empty if it is not known to be
     */
    public record LastError(
            Instant at,
            Supplier<String> message,
            Optional<Refusal> refusal,
            Optional<InetSocketAddress> client,
            Optional<Instant> servedSince) {

        /** One line a person understands. */
        public String text() {
            return message.get();
        }

        /** What befalls one client alone is over only when that one is served. */
        private boolean isOverWhenServed(InetAddress served) {
            boolean ofOneClient =
                    refusal.filter(why -> why.code().isOfOneClient()).isPresent();
            return servedSince.isEmpty()
                    && (!ofOneClient
                            || client.map(InetSocketAddress::getAddress).equals(Optional.of(served)));
        }

        private LastError over(Instant since) {
            return new LastError(at, message, refusal, client, Optional.of(since));
        }
    }

    /**
     * The newest client that came from another computer.
     *
     * @param refusal why it got no link or session; empty if it got one
     */
    public record LastClient(InetAddress address, Instant at, Optional<Refusal> refusal) {}

    /** The newest client that came from this computer, and got a link or a session. */
    public record OwnClient(InetSocketAddress address, Instant at) {}

    /**
     * Everything at zero.
     *
     * @param open how many links or sessions there are now
     * @param isThisComputer clients that are kept apart from the others: a browser here, which asks again every second,
     *     would hide the phone that somebody waits for
     */
    public RelayStats(IntSupplier open, Predicate<InetAddress> isThisComputer) {
        this.open = open;
        this.isThisComputer = isThisComputer;
    }

    /** A client got a link or a session. */
    public void countAccepted() {
        accepted.increment();
    }

    /** Bytes from a client to the target. */
    public void countBytesIn(long bytes) {
        bytesIn.add(bytes);
    }

    /** Bytes from the target to a client. */
    public void countBytesOut(long bytes) {
        bytesOut.add(bytes);
    }

    /** Keeps {@code error}, one line a person understands that is made when it is read, as the last one. */
    public void noteError(Supplier<String> error) {
        lastError.set(new LastError(Instant.now(), error, Optional.empty(), Optional.empty(), Optional.empty()));
    }

    /** A client was turned away, or its target could not be reached: counts it, and keeps it as the last error. */
    public void noteRefused(InetSocketAddress client, Refusal refusal) {
        refused.increment();
        Instant now = Instant.now();
        if (!isThisComputer.test(client.getAddress())) {
            lastClient = new LastClient(client.getAddress(), now, Optional.of(refusal));
        }
        lastError.set(new LastError(now, refusal::text, Optional.of(refusal), Optional.of(client), Optional.empty()));
    }

    /** Keeps a client that got a link or a session as the last one of this computer or of the others. */
    public void noteClient(InetSocketAddress client) {
        if (isThisComputer.test(client.getAddress())) {
            lastOwnClient = new OwnClient(client, Instant.now());
        } else {
            lastClient = new LastClient(client.getAddress(), Instant.now(), Optional.empty());
        }
    }

    /** The target was there for a client: what went wrong before may be over. Costs one volatile read as a rule. */
    public void noteServed(InetAddress client) {
        LastError last = lastError.get();
        if (last != null && last.isOverWhenServed(client)) {
            lastError.compareAndSet(last, last.over(Instant.now()));
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
        return Optional.ofNullable(lastError.get());
    }

    public Optional<OwnClient> lastOwnClient() {
        return Optional.ofNullable(lastOwnClient);
    }

    public Optional<LastClient> lastClient() {
        return Optional.ofNullable(lastClient);
    }
}
