package io.github.wslproxy.relay;

import io.github.wslproxy.os.DynamicPorts;
import io.github.wslproxy.os.OperatingSystem;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Divides the ports that this computer has for outgoing connections among the clients. The side that ends a TCP
 * connection first keeps its port for a minute or more (TIME_WAIT), so a client that opens and ends connections all the
 * time would use up those of everybody. A reset would spare the wait only before the other side has ended, when bytes
 * could still be lost by it. Safe for any thread.
 */
public final class OutgoingPorts {
    private static final Logger log = LoggerFactory.getLogger(OutgoingPorts.class);

    /** Linux keeps a port so long (TCP_TIMEWAIT_LEN), ... */
    private static final Duration LINUX_WAIT = Duration.ofMinutes(1);

    /** ... and Windows no longer than that (TcpTimedWaitDelay). */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final FairQuota shares;
    private final long waitNanos;
    private final LongSupplier nanoTime;

    /** Ports that nobody can have yet, the oldest first. Guarded by this. */
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    /** The ports of connections that have ended within about the same second. */
    private record Waiting(long until, Map<ClientKey, Integer> ports) {}

    OutgoingPorts(int ports, Duration wait, LongSupplier nanoTime) {
        shares = FairQuota.ofPlaces(ports);
        waitNanos = wait.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Those of this computer. */
    static OutgoingPorts ofThisComputer(LongSupplier nanoTime) {
        DynamicPorts ports = DynamicPorts.ofThisComputer();
        log.debug("connections to targets have the {} ports {}", ports.size(), ports.range());
        return new OutgoingPorts(ports.size(), ports.isDefault() ? LONGEST_WAIT : LINUX_WAIT, nanoTime);
    }

    /**
     * Whether the port of a connection to {@code target} that we have ended first stays taken for long. Linux gives
     * those of loopback out again after a second (net.ipv4.tcp_tw_reuse = 2, its default).
     */
    public static boolean staysTaken(InetAddress target) {
        return !(target.isLoopbackAddress() && OperatingSystem.isLinux());
    }

    /**
     * Whether {@code client} may have one more, which then has to be given back; programs of this computer may have
     * all.
     */
    public synchronized boolean take(ClientKey client) {
        releaseUntil(nanoTime.getAsLong());
        return client.own() ? shares.takeFree(client) : shares.take(client);
    }

    /**
     * The connection of {@code client} has ended.
     *
     * @param waits whether it keeps its port for a while
     */
    public synchronized void giveBack(ClientKey client, boolean waits) {
        if (!waits) {
            shares.giveBack(client);
            return;
        }
        long until = nanoTime.getAsLong() + waitNanos;
        Waiting last = waiting.peekLast();
        if (last == null || until - last.until() > 0) {
            last = new Waiting(until + SECOND, new HashMap<>());
            waiting.add(last);
        }
        last.ports().merge(client, 1, Integer::sum);
    }

    private void releaseUntil(long now) {
        Waiting first = waiting.peek();
        while (first != null && first.until() - now <= 0) {
            first.ports().forEach(shares::giveBack);
            waiting.remove();
            first = waiting.peek();
        }
    }
}
