package io.github.wslproxy.relay.udp;

import io.github.wslproxy.forward.Host;
import io.github.wslproxy.relay.ListenerConfig;
import io.github.wslproxy.relay.Listener;
import io.github.wslproxy.relay.ListenerStatus;
import io.github.wslproxy.relay.LocalAddresses;
import io.github.wslproxy.relay.PortMapping;
import io.github.wslproxy.relay.Stages;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of one route: one as a rule, and for a wildcard one on each address of this computer, following them as
 * they come and go. A reply of a wildcard socket would leave from whichever address the routing table prefers, and NIO
 * cannot choose another (it has no IP_PKTINFO); the client drops what comes from an address it never spoke to. Windows
 * gives a socket of one address the broadcasts of that address's network too (dotnet/runtime#83525); Linux does not.
 *
 * <p>Safe for any thread.
 */
final class MappingListeners {
    private static final Comparator<InetAddress> V4_FIRST = Comparator.<InetAddress, Integer>comparing(
                    address -> address.getAddress().length)
            .thenComparing(InetAddress::getAddress, Arrays::compareUnsigned);

    private ListenerConfig duty;
    private final LocalAddresses localAddresses;
    private final Function<ListenerConfig, Listener> factory;
    private final @Nullable Predicate<InetAddress> wildcard;

    /** By their place in words, which tells link-local addresses of two adapters apart. */
    private final Map<String, Listener> listeners = new LinkedHashMap<>();

    private CompletableFuture<Void> removed = CompletableFuture.completedFuture(null);
    private boolean closed;

    /** @param factory makes a listener, not open yet, for a route that is no wildcard */
    MappingListeners(ListenerConfig duty, LocalAddresses localAddresses, Function<ListenerConfig, Listener> factory) {
        this.duty = duty;
        this.localAddresses = localAddresses;
        this.factory = factory;
        this.wildcard = wildcard(duty.route().host());
    }

    /** Which addresses {@code host} stands for; null if it is no wildcard. */
    private static @Nullable Predicate<InetAddress> wildcard(Host host) {
        if (host instanceof Host.Everywhere) {
            return every -> true;
        }
        if (!(host instanceof Host.Address address) || !address.value().isAnyLocalAddress()) {
            return null;
        }
        // As with TCP, where Java's socket on [::] is dual-stack.
        return address.value() instanceof Inet6Address ? every -> true : Inet4Address.class::isInstance;
    }

    /** Opens them. Completes, never exceptionally, when each has been tried once. */
    CompletionStage<Void> open() {
        return follow();
    }

    /** Closes, moves or opens them where a change of the target, of WSL or of the adapters asks for that. */
    synchronized void reconsider() {
        if (wildcard != null) {
            follow();
        }
        listeners.values().forEach(Listener::reconsider);
    }

    /** Opens what is wanted now and not there, closes what is no longer wanted. */
    private synchronized CompletionStage<Void> follow() {
        if (closed) {
            return CompletableFuture.completedFuture(null);
        }
        List<PortMapping> wanted = wanted();
        closeOthers(wanted);
        return openMissing(wanted);
    }

    private void closeOthers(List<PortMapping> wanted) {
        Set<String> places = wanted.stream().map(PortMapping::where).collect(Collectors.toSet());
        for (Iterator<Listener> all = listeners.values().iterator(); all.hasNext(); ) {
            Listener listener = all.next();
            if (!places.contains(listener.route().where())) {
                all.remove();
                removed = CompletableFuture.allOf(removed, listener.close().toCompletableFuture());
            }
        }
    }

    private CompletionStage<Void> openMissing(List<PortMapping> wanted) {
        List<CompletionStage<Void>> opening = new ArrayList<>();
        for (PortMapping one : wanted) {
            if (!listeners.containsKey(one.where())) {
                Listener listener = factory.apply(of(one));
                listeners.put(one.where(), listener);
                opening.add(listener.open());
            }
        }
        return Stages.all(opening.stream());
    }

    private List<PortMapping> wanted() {
        if (wildcard == null) {
            return List.of(duty.route());
        }
        return localAddresses.current().stream()
                .filter(wildcard)
                .sorted(V4_FIRST)
                .map(Host.Address::new)
                .map(this::at)
                .toList();
    }

    private PortMapping at(Host host) {
        return new PortMapping(host, duty.route().listenPort(), duty.route().targetPort());
    }

    private ListenerConfig of(PortMapping one) {
        return new ListenerConfig(duty.forward(), one, duty.source());
    }

    /** From now on they are for something else: a duty of the same address and listen port. Their sockets stay. */
    synchronized void take(ListenerConfig next) {
        duty = next;
        listeners
                .values()
                .forEach(listener -> listener.take(of(at(listener.route().host()))));
    }

    /** Closes them for good. Completes when all sockets are closed and all sessions have ended. */
    synchronized CompletionStage<Void> close() {
        closed = true;
        List<CompletionStage<Void>> closing =
                new ArrayList<>(listeners.values().stream().map(Listener::close).toList());
        closing.add(removed);
        return Stages.all(closing.stream());
    }

    synchronized List<ListenerStatus> statuses() {
        return listeners.values().stream().map(Listener::status).toList();
    }
}
