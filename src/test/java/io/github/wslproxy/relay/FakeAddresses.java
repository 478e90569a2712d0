package io.github.wslproxy.relay;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Addresses of a pretend computer, which come and go when a test says so. */
public final class FakeAddresses {
    private final AtomicLong clock = new AtomicLong();
    private final LocalAddresses asLocal;
    private Set<InetAddress> addresses;

    public FakeAddresses(InetAddress... addresses) {
        this.addresses = Set.of(addresses);
        this.asLocal = new LocalAddresses(() -> this.addresses, clock::get);
    }

    public LocalAddresses asLocal() {
        return asLocal;
    }

    /** Has taken effect, listeners told, when it returns. */
    public void change(InetAddress... now) {
        addresses = Set.of(now);
        asLocal.refresh();
    }

    /** The computer sleeps for that long and its addresses are read when it wakes up. */
    public void sleep(Duration time) {
        clock.addAndGet(time.toNanos());
        asLocal.refresh();
    }
}
