package io.github.wslproxy.bench.soak;

import io.github.wslproxy.bench.TcpMemory;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.LongAdder;

/**
 * Whether a failure is the proxy's. Wrong bytes and a clean end too early always are, and so is a peer that hangs. Safe
 * for any thread.
 */
final class Judge {
    private final World world;
    private final Findings findings;
    private final LongAdder notServed = new LongAdder();
    private final LongAdder resetBySystem = new LongAdder();

    /** When something began. */
    record Moment(long world, long systemResets) {}

    Judge(World world, Findings findings) {
        this.world = world;
        this.findings = findings;
    }

    Moment now() {
        return new Moment(world.moment(), TcpMemory.resets());
    }

    /** Notes that {@code what}, which began at {@code since}, has failed now. */
    void failed(String what, IOException failure, Moment since) {
        if (failure instanceof NoServiceException && !world.wasCalmSince(since.world())) {
            notServed.increment();
        } else if (isReset(failure) && TcpMemory.resets() > since.systemResets()) {
            resetBySystem.increment();
        } else {
            findings.add(what + ": " + failure);
        }
    }

    private static boolean isReset(IOException failure) {
        return !(failure instanceof BrokenStreamException
                || failure instanceof SocketTimeoutException
                || failure.getCause() instanceof SocketTimeoutException);
    }

    /** How many clients were not served because the VM was stopped, or their forward was not there. */
    long notServed() {
        return notServed.sum();
    }

    /**
     * How many failed while the system, for want of memory, reset connections: of whatever program, and it does not say
     * which.
     */
    long resetBySystem() {
        return resetBySystem.sum();
    }
}
