package io.github.wslproxy.testing;

import io.github.wslproxy.relay.ClientKey;
import io.github.wslproxy.relay.LocalAddresses;
import io.github.wslproxy.relay.OutgoingPorts;

/** Counts what is left of ports for outgoing connections, as a program of this computer would find it. */
public final class FreePorts {
    private static final ClientKey OWN = ClientKey.of(Forwards.ip("127.0.0.1"), new LocalAddresses());

    private FreePorts() {}

    /** Takes all that are free, and gives them back. */
    public static int count(OutgoingPorts ports) {
        int free = 0;
        while (ports.take(OWN)) {
            free++;
        }
        for (int i = 0; i < free; i++) {
            ports.giveBack(OWN, false);
        }
        return free;
    }
}
