package io.github.wslproxy.relay;

import io.github.wslproxy.os.Fault;
import io.github.wslproxy.os.LocalNetwork;
import io.github.wslproxy.os.NetworkAdapters;
import io.github.wslproxy.os.OperatingSystem;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
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
 * The addresses of this computer, loopback included, and the IPv6 networks that it is in. Adapters come and go with
 * Wi-Fi, VPNs and WSL itself: an address that comes up is known within a second on Linux, where the kernel's table is
 * cheap to compare, and elsewhere at the next reading of the adapters, within the period of {@link #watchClosely}.
 * Safe for any thread; asking never touches the system.
 */
public final class LocalAddresses {
    /** What {@link #appearance} gives for an address that this computer does not have. */
    public static final long ABSENT = 0;

    private static final Logger log = LoggerFactory.getLogger(LocalAddresses.class);
    private static final long ALWAYS = 1;

    /** No reading is that late unless the computer slept. */
    private static final long SLEPT = Duration.ofSeconds(30).toNanos();

    private static final Duration FINGERPRINT_PERIOD = Duration.ofMillis(500);

    /** Teredo (RFC 4380), 2001:0::/32, whose /64 stands for a server and not for a link. */
    private static final long TEREDO = 0x2001_0000L;

    /** The prefix before an interface identifier (RFC 4291 §2.5.1): nobody else is in a longer one. */
    private static final int LINK_PREFIX = 64;

    private final Supplier<Adapters> reader;
    private final LongSupplier nanoTime;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private long lastAppearance = ALWAYS;
    private long readAt;
    private long fingerprint;
    private volatile Known known;

    /** Link-local addresses are told apart by their adapter, which equals() does not look at. */
    private record Key(InetAddress address, int scope) {
        static Key of(InetAddress address) {
            return new Key(address, scopeOf(address));
        }
    }

    /**
     * What the system tells.
     *
     * @param links the upper halves of the IPv6 networks that the adapters are in
     */
    record Adapters(Set<InetAddress> addresses, Set<Long> links) {
        Adapters {
            addresses = Set.copyOf(addresses);
            links = Set.copyOf(links);
        }

        /** Each IPv6 address in a /64. */
        static Adapters with(Set<InetAddress> addresses) {
            return new Adapters(
                    addresses, addresses.stream().flatMap(LocalAddresses::link).collect(Collectors.toSet()));
        }
    }

    private record Known(Adapters adapters, Map<Key, Long> appearances) {}

    /** Reads them once, on the calling thread. */
    public LocalAddresses() {
        this(System::nanoTime, LocalAddresses::ofUpAdapters);
    }

    /** @param reader what to ask instead of the system */
    LocalAddresses(Supplier<Set<InetAddress>> reader, LongSupplier nanoTime) {
        this(nanoTime, () -> Adapters.with(reader.get()));
    }

    private LocalAddresses(LongSupplier nanoTime, Supplier<Adapters> reader) {
        this.reader = reader;
        this.nanoTime = nanoTime;
        this.readAt = nanoTime.getAsLong();
        this.known = known(reader.get(), Map.of());
    }

    /** Reads them again every {@code period} on {@code executor}, where the listeners are called too. */
    void watch(ScheduledExecutorService executor, Duration period) {
        executor.scheduleWithFixedDelay(this::refresh, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Reads them again every {@code period} on {@code executor}, where the listeners are called too; on Linux also
     * within a second after one has come or gone.
     */
    public void watchClosely(ScheduledExecutorService executor, Duration period) {
        watch(executor, period);
        if (NetworkAdapters.hasFingerprint()) {
            long millis = FINGERPRINT_PERIOD.toMillis();
            executor.scheduleWithFixedDelay(this::compare, millis, millis, TimeUnit.MILLISECONDS);
        }
    }

    private void compare() {
        Fault.contain(this::refreshIfChanged, failure -> log.debug("could not compare the addresses", failure));
    }

    private void refreshIfChanged() {
        try {
            long now = NetworkAdapters.fingerprint();
            if (now != fingerprint) {
                fingerprint = now;
                refresh();
            }
        } catch (IOException noDescriptorLeft) {
            log.debug("could not compare the addresses of this computer", noDescriptorLeft);
        }
    }

    /** All of them. It is one object until they change. */
    public Set<InetAddress> current() {
        return known.adapters().addresses();
    }

    /**
     * Whether it means this computer. True also for every loopback address and for the wildcards, when connected to. A
     * link-local address with a scope is asked for on that adapter: others may have the same one elsewhere.
     */
    public boolean contains(InetAddress address) {
        if (isAlwaysHere(address)) {
            return true;
        }
        Known now = known;
        return scopeOf(address) == 0
                ? now.adapters().addresses().contains(address)
                : now.appearances().containsKey(Key.of(address));
    }

    /**
     * The adapter that a link-local address belongs to; of others the JDK sets one here and there, which says
     * nothing.
     */
    private static int scopeOf(InetAddress address) {
        return address instanceof Inet6Address v6 && v6.isLinkLocalAddress() ? v6.getScopeId() : 0;
    }

    /**
     * Whether it is in the /64 of a global IPv6 address of one of this computer's adapters: a neighbour on the LAN,
     * whose address does not look private. A /64 whatever prefix Windows tells, which the JDK gets wrong there before
     * 21.
     */
    public boolean isOnLink(InetAddress address) {
        return address instanceof Inet6Address
                && link(address).anyMatch(known.adapters().links()::contains);
    }

    /** The upper half of an IPv6 address that is in a network; nothing of any other. */
    private static Stream<Long> link(InetAddress address) {
        if (!(address instanceof Inet6Address) || address.isLinkLocalAddress() || isAlwaysHere(address)) {
            return Stream.empty();
        }
        long network = ByteBuffer.wrap(address.getAddress()).getLong();
        return network == 0 || network >>> Integer.SIZE == TEREDO ? Stream.empty() : Stream.of(network);
    }

    /**
     * A number that changes whenever {@code address} goes, comes, or may have gone and come back unseen because the
     * computer slept: a socket that was bound to it before may be dead then, though it looks open.
     */
    public long appearance(InetAddress address) {
        return isAlwaysHere(address) ? ALWAYS : known.appearances().getOrDefault(Key.of(address), ABSENT);
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

    /** Reads them now, and tells the listeners of a change. What the system does not tell stays as it was. */
    public void refresh() {
        // An exception would end the schedule; an adapter that goes away while it is read may throw one.
        Fault.contain(
                () -> {
                    if (readAgain()) {
                        listeners.forEach(LocalAddresses::tell);
                    }
                },
                failure -> log.debug("could not read the addresses of this computer", failure));
    }

    private static void tell(Runnable listener) {
        Fault.contain(
                listener,
                failure -> log.warn(
                        "a change of the addresses of this computer was not followed everywhere: {}",
                        Fault.line(failure)));
    }

    /** @return whether anything has changed */
    private synchronized boolean readAgain() {
        boolean slept = nanoTime.getAsLong() - readAt > SLEPT;
        Adapters adapters = reader.get();
        readAt = nanoTime.getAsLong();
        Known now = known(adapters, slept ? Map.of() : known.appearances());
        if (now.equals(known)) {
            return false;
        }
        log.debug("addresses of this computer{} are now {}", slept ? ", which has slept," : "", adapters);
        known = now;
        return true;
    }

    private Known known(Adapters adapters, Map<Key, Long> before) {
        Map<Key, Long> appearances = new HashMap<>();
        for (InetAddress address : adapters.addresses()) {
            Key key = Key.of(address);
            Long appearance = before.get(key);
            appearances.put(key, appearance == null ? ++lastAppearance : appearance);
        }
        return new Known(adapters, appearances);
    }

    private static Adapters ofUpAdapters() {
        try {
            List<LocalNetwork> all =
                    NetworkAdapters.all().flatMap(LocalAddresses::ofAdapter).toList();
            return new Adapters(
                    all.stream().map(LocalNetwork::address).collect(Collectors.toSet()),
                    all.stream().flatMap(LocalAddresses::link).collect(Collectors.toSet()));
        } catch (SocketException e) {
            throw new IllegalStateException("cannot list the network adapters", e);
        }
    }

    private static Stream<Long> link(LocalNetwork network) {
        boolean alone = !OperatingSystem.isWindows() && network.prefix() > LINK_PREFIX;
        return alone ? Stream.empty() : link(network.address());
    }

    /**
     * Windows has dozens of adapters without an address, and for each question whether one is up the JDK lists them all
     * once more (getAdapter in NetworkInterface_winXP.c).
     */
    private static Stream<LocalNetwork> ofAdapter(NetworkInterface adapter) {
        List<InterfaceAddress> addresses = adapter.getInterfaceAddresses();
        return addresses.isEmpty() || !isUp(adapter)
                ? Stream.empty()
                : addresses.stream().map(address -> LocalNetwork.of(adapter, address));
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
