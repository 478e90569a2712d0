package io.github.wslproxy.relay;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses of this computer, loopback included, read again every few seconds: adapters come and go with Wi-Fi, VPNs
 * and WSL itself. Safe for any thread; asking never touches the system.
 */
public final class LocalAddresses {
    private static final Logger log = LoggerFactory.getLogger(LocalAddresses.class);

    private final Supplier<Set<InetAddress>> reader;
    private final List<Consumer<Set<InetAddress>>> listeners = new CopyOnWriteArrayList<>();
    private volatile Set<InetAddress> addresses;

    /** Reads them once, on the calling thread. */
    public LocalAddresses() {
        this(LocalAddresses::ofUpAdapters);
    }

    /** @param reader what to ask instead of the system */
    LocalAddresses(Supplier<Set<InetAddress>> reader) {
        this.reader = reader;
        this.addresses = Set.copyOf(reader.get());
    }

    /** Reads them again every {@code period} on {@code executor}, where the listeners are called too. */
    public void watch(ScheduledExecutorService executor, Duration period) {
        executor.scheduleWithFixedDelay(this::refresh, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    public Set<InetAddress> current() {
        return addresses;
    }

    /** True also for every loopback address and for the wildcards, which mean this computer when connected to. */
    public boolean contains(InetAddress address) {
        return address.isLoopbackAddress() || address.isAnyLocalAddress() || addresses.contains(address);
    }

    /** Calls {@code listener} with all addresses after each change. */
    public void onChange(Consumer<Set<InetAddress>> listener) {
        listeners.add(listener);
    }

    public void removeListener(Consumer<Set<InetAddress>> listener) {
        listeners.remove(listener);
    }

    void refresh() {
        try {
            Set<InetAddress> now = Set.copyOf(reader.get());
            if (now.equals(addresses)) {
                return;
            }
            log.debug("addresses of this computer are now {}", now);
            addresses = now;
            listeners.forEach(listener -> listener.accept(now));
        } catch (RuntimeException e) {
            // An exception would end the schedule; an adapter that goes away while it is read may throw one.
            log.debug("could not read the addresses of this computer", e);
        }
    }

    private static Set<InetAddress> ofUpAdapters() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(LocalAddresses::isUp)
                    .flatMap(NetworkInterface::inetAddresses)
                    .collect(Collectors.toSet());
        } catch (SocketException e) {
            throw new IllegalStateException("cannot list the network adapters", e);
        }
    }

    private static boolean isUp(NetworkInterface adapter) {
        try {
            return adapter.isUp();
        } catch (SocketException gone) {
            return false;
        }
    }
}
