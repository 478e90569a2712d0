package io.github.wslproxy.relay;

import java.net.InetAddress;
import java.util.Set;

/** Addresses of a pretend computer, which come and go when a test says so. */
public final class ScriptedAddresses {
    private Set<InetAddress> addresses;
    private final LocalAddresses asLocal;

    public ScriptedAddresses(InetAddress... addresses) {
        this.addresses = Set.of(addresses);
        this.asLocal = new LocalAddresses(() -> this.addresses);
    }

    public LocalAddresses asLocal() {
        return asLocal;
    }

    /** Has taken effect, listeners told, when it returns. */
    public void change(InetAddress... now) {
        addresses = Set.of(now);
        asLocal.refresh();
    }
}
