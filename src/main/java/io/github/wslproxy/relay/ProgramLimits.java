package io.github.wslproxy.relay;

import io.github.wslproxy.forward.LimitSettings;
import io.github.wslproxy.forward.Protocol;
import java.util.List;
import java.util.function.LongSupplier;

/** What the whole program has open, and the limits of that, which may change while it runs. Safe for any thread. */
public final class ProgramLimits {
    /** Bytes of datagrams that wait for a target; the heap has 64 MB. */
    private static final int MOST_HELD = 2 << 20;

    private final Cap connections;
    private final Cap connecting;
    private final Cap sessions;
    private final EvictableSessions evictableSessions;
    private final FairQuota held = FairQuota.ofBytes(MOST_HELD);
    private final Cap listeners = new Cap(Descriptors.forListeners());
    private final ConnectionRateLimiter rate;
    private final ConnectionRateLimiter unlimited;
    private final OutgoingPorts outgoingPorts;
    private final ReadBuffers buffers;
    private volatile int forwards = 1;

    /**
     * How one limit stands.
     *
     * @param name as programs outside know it
     * @param refused clients that it has refused so far
     */
    public record LimitStatus(String name, long used, long max, long refused) {}

    /** Nothing is open. */
    public ProgramLimits(LimitSettings limits, ReadBuffers buffers) {
        this(limits, buffers, System::nanoTime);
    }

    ProgramLimits(LimitSettings limits, ReadBuffers buffers, LongSupplier nanoTime) {
        connections = new Cap(limits.connections());
        connecting = new Cap(limits.connecting());
        sessions = new Cap(limits.sessions());
        evictableSessions = new EvictableSessions(nanoTime);
        rate = new ConnectionRateLimiter(limits.connectionRatePerClient(), nanoTime);
        unlimited = new ConnectionRateLimiter(0, nanoTime);
        outgoingPorts = OutgoingPorts.ofThisComputer(nanoTime);
        this.buffers = buffers;
    }

    /** Other limits from now on; what is open beyond them stays open. */
    public void limit(LimitSettings next) {
        connections.limit(next.connections());
        connecting.limit(next.connecting());
        sessions.limit(next.sessions());
        rate.limit(next.connectionRatePerClient());
    }

    /** How many TCP forwards share the pending connects, at least 1. */
    public void divideAmong(int tcpForwards) {
        forwards = tcpForwards;
    }

    /** What is open of a protocol: connections, or sessions. */
    public Cap open(Protocol protocol) {
        return protocol == Protocol.TCP ? connections : sessions;
    }

    /**
     * How many one client may open in a second. UDP has no such limit: senders can be forged, and a limit of each stops
     * none.
     */
    ConnectionRateLimiter rate(Protocol protocol) {
        return protocol == Protocol.TCP ? rate : unlimited;
    }

    /** Whether there is memory for one more client beside what the open connections may still need. */
    boolean hasMemory() {
        return buffers.permitsOneMore(connections.used());
    }

    /** The sessions that give way to newcomers. */
    public EvictableSessions evictableSessions() {
        return evictableSessions;
    }

    /** The bytes that are kept of clients whose target is not there yet. */
    public FairQuota held() {
        return held;
    }

    /** Listening sockets, which leave descriptors for everything else. */
    Cap listeners() {
        return listeners;
    }

    /** The ports of the connections to targets. */
    public OutgoingPorts outgoingPorts() {
        return outgoingPorts;
    }

    /** Pending connects: their targets have not answered yet. */
    public Cap connecting() {
        return connecting;
    }

    /** How many of them one forward may have: a target that does not answer is not to take the places of all others. */
    public int connectingShare() {
        return Math.max(1, connecting.max() / forwards);
    }

    /** How each limit stands, always in one order. */
    public List<LimitStatus> statuses() {
        return List.of(
                status("connections", connections),
                status("connecting", connecting),
                status("sessions", sessions),
                new LimitStatus("direct_memory", buffers.used(), buffers.max(), buffers.refused()),
                new LimitStatus("rate", rate.sources(), rate.perSecond(), rate.refused()));
    }

    private static LimitStatus status(String name, Cap cap) {
        return new LimitStatus(name, cap.used(), cap.max(), cap.refused());
    }
}
