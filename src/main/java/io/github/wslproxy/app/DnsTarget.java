package io.github.wslproxy.app;

import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.Fault;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.target.TargetState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A target given by name: all the addresses of the name, looked up every half minute and after a failed connect, on a
 * thread that may block. A failed look-up keeps them. An answer in another order keeps the order, because a name with
 * several addresses has them in another order each time, and every move would take all UDP sessions along.
 */
final class DnsTarget implements TargetSource, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DnsTarget.class);
    private static final int PERIOD_SECONDS = 30;
    private static final int SUSPICION_SECONDS = 1;

    /** All are tried within one connect timeout, so more of them would leave each too little of it. */
    private static final int MOST_ADDRESSES = 8;

    private final String name;
    private final Lookup lookup;
    private final ScheduledExecutorService executor;
    private final CurrentTarget current;
    private final AddressOrder order = new AddressOrder();
    private final AtomicBoolean lookupIsDue = new AtomicBoolean();
    private final AtomicBoolean isLookingUp = new AtomicBoolean();
    private volatile @Nullable ScheduledFuture<?> periodic;

    /** Finds the addresses of a name; may block. */
    interface Lookup {
        InetAddress[] find(String name) throws UnknownHostException;
    }

    /** @param executor may be held up by {@code lookup} */
    DnsTarget(String name, Lookup lookup, ScheduledExecutorService executor) {
        this.name = name;
        this.lookup = lookup;
        this.executor = executor;
        current = new CurrentTarget(
                Clock.systemUTC(), new TargetState.Unknown("the name " + name + " is being looked up"));
    }

    /** Begins to look it up by itself. Completes when that has been done once, whatever came of it. */
    CompletionStage<Void> start() {
        CompletionStage<Void> first = CompletableFuture.runAsync(this::lookUpSafely, executor);
        periodic =
                executor.scheduleWithFixedDelay(this::lookUpSafely, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
        return first;
    }

    /** Looks it up by itself no longer. */
    @Override
    public void close() {
        ScheduledFuture<?> scheduled = periodic;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
    }

    @Override
    public TargetState current() {
        return current.current();
    }

    @Override
    public List<InetAddress> addresses(int port) {
        return order.of(current.current().addresses(), port);
    }

    @Override
    public void worked(InetSocketAddress where) {
        order.first(current.current().addresses(), where);
    }

    @Override
    public void failed(InetSocketAddress where) {
        order.last(current.current().addresses(), where);
        connectFailed();
    }

    /** Looks it up once more, but not more often than once a second however many connects fail. */
    @Override
    public void connectFailed() {
        if (!lookupIsDue.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.schedule(this::followSuspicion, SUSPICION_SECONDS, TimeUnit.SECONDS);
        } catch (RejectedExecutionException stopping) {
            log.trace("{} is not looked up any more", name);
        }
    }

    @Override
    public Runnable onChange(Consumer<TargetState> listener) {
        return current.onChange(listener);
    }

    /** One suspicion at a time, so that a resolver that hangs holds up one thread and not all of them. */
    private void followSuspicion() {
        try {
            lookUpSafely();
        } finally {
            lookupIsDue.set(false);
        }
    }

    /** Lets no exception out, which would end the schedule: the next look-up may go well. */
    private void lookUpSafely() {
        Fault.contain(this::lookUp, failure -> log.warn("{} could not be looked up: {}", name, Fault.line(failure)));
    }

    /** One look-up at a time, so that the listeners hear its results in order; a second one would tell nothing new. */
    private void lookUp() {
        if (!isLookingUp.compareAndSet(false, true)) {
            return;
        }
        try {
            publish(inKnownOrder(Host.Name.inOrder(lookup.find(name))));
        } catch (UnknownHostException e) {
            if (current.current().addresses().isEmpty()
                    && current.publish(new TargetState.Down("the name " + name + " does not resolve"))) {
                log.warn("the name {} does not resolve; its forwards refuse clients until it does", name);
            }
        } finally {
            isLookingUp.set(false);
        }
    }

    private List<InetAddress> inKnownOrder(List<InetAddress> found) {
        return AddressOrder.over(found, current.current().addresses()).stream()
                .limit(MOST_ADDRESSES)
                .toList();
    }

    private void publish(List<InetAddress> addresses) {
        if (addresses.equals(current.current().addresses())) {
            return;
        }
        String literals = addresses.stream().map(IpLiteral::text).collect(Collectors.joining(", "));
        if (current.publish(new TargetState.Up(addresses, "the name " + name + " is " + literals))) {
            log.info("{} is at {}", name, literals);
        }
    }
}
