package io.github.wslproxy.relay;

import io.github.wslproxy.computer.NetworkAdapters;
import io.github.wslproxy.fault.Fault;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses of this computer, loopback included, read again every few seconds: adapters come and go with Wi-Fi, VPNs
 * and WSL itself. Safe for any thread; asking never touches the system.
 */
public final class LocalAddresses {
    /** What {@link #appearance} gives for an address that this computer does not have. */
    public static final long ABSENT = 0;

    private static final Logger log = LoggerFactory.getLogger(LocalAddresses.class);
    private static final long ALWAYS = 1;

    /** No reading is that late unless the computer slept. */
    private static final long SLEPT = Duration.ofSeconds(30).toNanos();

    private final Supplier<Set<InetAddress>> reader;
    private final LongSupplier nanoTime;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private long lastAppearance = ALWAYS;
    private long readAt;
    private volatile Reading reading;

    /** Link-local addresses are told apart by their adapter, which equals() does not look at. */
    private record Key(InetAddress address, int scope) {
        static Key of(InetAddress address) {
            return new Key(address, address instanceof Inet6Address v6 ? v6.getScopeId() : 0);
        }
    }

    private record Reading(Set<InetAddress> addresses, Map<Key, Long> appearances) {}

    /** Reads them once, on the calling thread. */
    public LocalAddresses() {
        this(LocalAddresses::ofUpAdapters, System::nanoTime);
    }

    /** @param reader what to ask instead of the system */
    LocalAddresses(Supplier<Set<InetAddress>> reader, LongSupplier nanoTime) {
        this.reader = reader;
        this.nanoTime = nanoTime;
        this.readAt = nanoTime.getAsLong();
        this.reading = reading(Set.copyOf(reader.get()), Map.of());
    }

    /** Reads them again every {@code period} on {@code executor}, where the listeners are called too. */
    public void watch(ScheduledExecutorService executor, Duration period) {
        executor.scheduleWithFixedDelay(this::refresh, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    public Set<InetAddress> current() {
        return reading.addresses();
    }

    /** True also for every loopback address and for the wildcards, which mean this computer when connected to. */
    public boolean contains(InetAddress address) {
        return isAlwaysHere(address) || reading.addresses().contains(address);
    }

    /**
     * A number that changes whenever {@code address} goes, comes, or may have gone and come back unseen because the
     * computer slept: a socket that was bound to it before may be dead then, though it looks open.
     */
    public long appearance(InetAddress address) {
        return isAlwaysHere(address) ? ALWAYS : reading.appearances().getOrDefault(Key.of(address), ABSENT);
    }

    private static boolean isAlwaysHere(InetAddress address) {
        return address.isLoopbackAddress() || address.isAnyLocalAddress();
    }

    /**
     * Calls {@code listener} after each change, which it must not hold up.
     *
     * @return to be run when the listener is to hear no more
     */
    public Runnable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Reads them now. What the system does not tell stays as it was. */
    public synchronized void refresh() {
        // An exception would end the schedule; an adapter that goes away while it is read may throw one.
        Fault.contain(this::readAgain, failure -> log.debug("could not read the addresses of this computer", failure));
    }

    private void readAgain() {
        boolean slept = nanoTime.getAsLong() - readAt > SLEPT;
        Set<InetAddress> addresses = Set.copyOf(reader.get());
        readAt = nanoTime.getAsLong();
        Reading now = reading(addresses, slept ? Map.of() : reading.appearances());
        if (now.equals(reading)) {
            return;
        }
        log.debug("addresses of this computer{} are now {}", slept ? ", which has slept," : "", addresses);
        reading = now;
        listeners.forEach(listener -> Fault.contain(
                listener,
                failure -> log.warn(
                        "a change of the addresses of this computer was not followed everywhere: {}",
                        Fault.line(failure))));
    }

    private Reading reading(Set<InetAddress> addresses, Map<Key, Long> before) {
        Map<Key, Long> appearances = new HashMap<>();
        for (InetAddress address : addresses) {
            Key key = Key.of(address);
            Long known = before.get(key);
            appearances.put(key, known == null ? ++lastAppearance : known);
        }
        return new Reading(addresses, appearances);
    }

    private static Set<InetAddress> ofUpAdapters() {
        try {
            return NetworkAdapters.all().flatMap(LocalAddresses::ofAdapter).collect(Collectors.toSet());
        } catch (SocketException e) {
            throw new IllegalStateException("cannot list the network adapters", e);
        }
    }

    /**
     * Windows has dozens of adapters without an address, and for each question whether one is up the JDK lists them all
     * once more (getAdapter in NetworkInterface_winXP.c).
     */
    private static Stream<InetAddress> ofAdapter(NetworkInterface adapter) {
        List<InetAddress> addresses = adapter.inetAddresses().toList();
        return addresses.isEmpty() || !isUp(adapter) ? Stream.empty() : addresses.stream();
    }

    private static boolean isUp(NetworkInterface adapter) {
        try {
            return NetworkAdapters.isUp(adapter);
        } catch (SocketException notTold) {
            // Without a file descriptor left nothing can be asked; to take its listeners away would make it worse.
            return true;
        }
    }
}
