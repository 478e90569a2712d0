package io.github.wslproxy.app;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.target.TargetState;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A target given by name, looked up again now and then and after a failed connect, on a thread that may block. A failed
 * look-up keeps the last address.
 */
final class NamedTarget implements TargetSource {
    private static final Logger log = LoggerFactory.getLogger(NamedTarget.class);
    private static final int PERIOD_SECONDS = 30;
    private static final int SUSPICION_SECONDS = 1;

    private final String name;
    private final Lookup lookup;
    private final ScheduledExecutorService executor;
    private final CurrentTarget current;
    private final AtomicBoolean lookupIsDue = new AtomicBoolean();

    /** Finds the addresses of a name; may block. */
    interface Lookup {
        InetAddress[] find(String name) throws UnknownHostException;
    }

    NamedTarget(String name, Lookup lookup, ScheduledExecutorService executor) {
        this.name = name;
        this.lookup = lookup;
        this.executor = executor;
        current = new CurrentTarget(
                Clock.systemUTC(), new TargetState.Unknown("the name " + name + " is being looked up"));
    }

    /** Looks it up now, on the calling thread, and from then on by itself. */
    void start() {
        lookUp();
        executor.scheduleWithFixedDelay(this::lookUp, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public TargetState current() {
        return current.current();
    }

    /** Looks it up once more, but not more often than once a second however many connects fail. */
    @Override
    public void suspect() {
        if (!lookupIsDue.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.schedule(
                    () -> {
                        lookupIsDue.set(false);
                        lookUp();
                    },
                    SUSPICION_SECONDS,
                    TimeUnit.SECONDS);
        } catch (RejectedExecutionException stopping) {
            log.trace("{} is not looked up any more", name);
        }
    }

    @Override
    public void onChange(Consumer<TargetState> listener) {
        current.onChange(listener);
    }

    private void lookUp() {
        try {
            InetAddress[] found = lookup.find(name);
            // IPv4 first: a name of a VM or of localhost often has an IPv6 address that nothing listens on.
            InetAddress address = Arrays.stream(found)
                    .filter(Inet4Address.class::isInstance)
                    .findFirst()
                    .orElse(found[0]);
            if (current.publish(new TargetState.Up(address, "the name " + name + " is " + IpLiteral.text(address)))) {
                log.info("{} is at {}", name, IpLiteral.text(address));
            }
        } catch (UnknownHostException e) {
            if (current.current().address().isEmpty()
                    && current.publish(new TargetState.Down("the name " + name + " is not known"))) {
                log.warn("the name {} is not known; its forwards refuse clients until it is", name);
            }
        }
    }
}
