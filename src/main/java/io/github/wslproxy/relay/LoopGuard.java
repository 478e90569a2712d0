package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Protocol;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Knows where this process listens and where each listener leads to, so that a relay can see that a connect would come
 * back to itself, directly or through other relays. Without it one client becomes a connection storm (microsoft/WSL
 * #11272). Safe for any thread; a question costs one look-up by port as a rule.
 */
public final class LoopGuard {
    private final LocalAddresses localAddresses;
    private final Map<Port, List<Entry>> byPort = new ConcurrentHashMap<>();
    private final AtomicInteger size = new AtomicInteger();

    /** Connections of our own, by what they are bound to: their port, on one address or on all of this computer. */
    private final Map<InetSocketAddress, Runnable> connections = new ConcurrentHashMap<>();

    private record Port(Protocol protocol, int number) {}

    /** Equal only to itself, since a supplier is. */
    private record Entry(
            InetSocketAddress bound, Supplier<Optional<InetSocketAddress>> leadsTo, WaitingClients waiting) {}

    /** Those in the backlog of a listener. */
    interface WaitingClients {
        /**
         * Has the listener accept whoever waits now, then runs {@code then}, on any thread.
         *
         * @param alsoAtRest whether a listener that rests accepts them, too
         */
        void accept(boolean alsoAtRest, Runnable then);
    }

    /** Takes a listener out again; to be called once. */
    public interface Registration {
        void remove();
    }

    public LoopGuard(LocalAddresses localAddresses) {
        this.localAddresses = localAddresses;
    }

    /**
     * Puts a listener in.
     *
     * @param leadsTo where the listener would send a client now; asked on event loops
     * @param waiting the clients that it has not accepted
     */
    Registration add(
            Protocol protocol,
            InetSocketAddress bound,
            Supplier<Optional<InetSocketAddress>> leadsTo,
            WaitingClients waiting) {
        Port port = new Port(protocol, bound.getPort());
        Entry entry = new Entry(bound, leadsTo, waiting);
        byPort.merge(port, List.of(entry), LoopGuard::concat);
        size.incrementAndGet();
        return () -> remove(port, entry);
    }

    /** Whether whatever is sent to {@code destination} goes round among our own listeners and never leaves. */
    public boolean leadsBack(Protocol protocol, InetSocketAddress destination) {
        InetSocketAddress at = destination;
        for (int hops = 0; hops <= size.get(); hops++) {
            Optional<InetSocketAddress> next = nextHop(protocol, at);
            if (next.isEmpty()) {
                return false;
            }
            at = next.get();
        }
        return true;
    }

    /**
     * Whether a connection to {@code destination} might come back to us though none of our listeners is known to be
     * there: one listens on that port, and the address is of this computer. Where one is known to be there, a forward
     * may well lead through another.
     */
    public boolean mayComeBack(Protocol protocol, InetSocketAddress destination) {
        return byPort.containsKey(new Port(protocol, destination.getPort()))
                && localAddresses.contains(destination.getAddress())
                && !listensAt(protocol, destination);
    }

    /**
     * Puts in a TCP connection of our own that may come back, before it is made.
     *
     * @param bound what its socket is bound to: one address, or a wildcard
     * @param cameBack run on any thread when one of our listeners has accepted it
     */
    public Registration connecting(InetSocketAddress bound, Runnable cameBack) {
        InetSocketAddress at = bound.getAddress().isAnyLocalAddress() ? new InetSocketAddress(bound.getPort()) : bound;
        connections.put(at, cameBack);
        return () -> connections.remove(at, cameBack);
    }

    /**
     * Runs {@code then}, on any thread, when all who are connected by now to our TCP listeners on the port of
     * {@code destination} are accepted: a connection of our own to it that comes back is known to by then. A listener
     * at another address is not expected to get it, and is left alone while it rests.
     */
    public void afterAccepting(InetSocketAddress destination, Runnable then) {
        List<Entry> entries = byPort.getOrDefault(new Port(Protocol.TCP, destination.getPort()), List.of());
        AtomicInteger left = new AtomicInteger(entries.size() + 1);
        Runnable one = () -> {
            if (left.decrementAndGet() == 0) {
                then.run();
            }
        };
        entries.forEach(
                entry -> entry.waiting().accept(covers(entry.bound().getAddress(), destination.getAddress()), one));
        one.run();
    }

    /** Whether a TCP client is a connection of our own that has come back; whoever made it is told. */
    public boolean isOwnConnection(InetSocketAddress client) {
        Runnable cameBack = connections.isEmpty() ? null : connection(client);
        if (cameBack == null) {
            return false;
        }
        cameBack.run();
        return true;
    }

    private @Nullable Runnable connection(InetSocketAddress client) {
        Runnable there = connections.get(client);
        return there == null && localAddresses.contains(client.getAddress())
                ? connections.get(new InetSocketAddress(client.getPort()))
                : there;
    }

    private void remove(Port port, Entry entry) {
        size.decrementAndGet();
        byPort.computeIfPresent(port, (unused, entries) -> {
            List<Entry> rest =
                    entries.stream().filter(other -> !other.equals(entry)).toList();
            return rest.isEmpty() ? null : rest;
        });
    }

    private static List<Entry> concat(List<Entry> some, List<Entry> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    /** Whether one of our own listeners hears what is sent to {@code address}. */
    public boolean listensAt(Protocol protocol, InetSocketAddress address) {
        return listener(protocol, address).isPresent();
    }

    /** Whether one of our own listeners has that port, at whatever address. */
    public boolean listensOn(Protocol protocol, int port) {
        return byPort.containsKey(new Port(protocol, port));
    }

    private Optional<InetSocketAddress> nextHop(Protocol protocol, InetSocketAddress at) {
        return listener(protocol, at).flatMap(entry -> entry.leadsTo().get());
    }

    private Optional<Entry> listener(Protocol protocol, InetSocketAddress at) {
        List<Entry> entries = byPort.get(new Port(protocol, at.getPort()));
        if (entries == null || !localAddresses.contains(at.getAddress())) {
            return Optional.empty();
        }
        return entries.stream()
                .filter(entry -> covers(entry.bound().getAddress(), at.getAddress()))
                .findFirst();
    }

    /**
     * A socket on the IPv6 wildcard is dual-stack in Java and hears IPv4 too; a connect to a wildcard means loopback.
     */
    private static boolean covers(InetAddress bound, InetAddress destination) {
        if (bound.isAnyLocalAddress()) {
            return !(bound instanceof Inet4Address) || destination instanceof Inet4Address;
        }
        return bound.equals(destination) || (destination.isAnyLocalAddress() && bound.isLoopbackAddress());
    }
}
