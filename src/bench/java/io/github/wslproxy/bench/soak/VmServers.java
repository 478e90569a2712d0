package io.github.wslproxy.bench.soak;

import java.io.Closeable;
import java.io.IOException;

/** What runs inside the pretend VM, wherever it is. It runs on while the VM is said to be stopped, as links do. */
final class VmServers implements Closeable {
    private final LinkServer links;
    private final UdpEcho echo;

    VmServers(Ground ground, Findings findings) throws IOException {
        links = new LinkServer(Ground.VM, ground.linkServerPort(), findings);
        echo = new UdpEcho(Ground.VM, ground.udpEchoPort(), findings);
    }

    /** How many TCP links end here now. */
    int open() {
        return links.open();
    }

    @Override
    public void close() throws IOException {
        links.close();
        echo.close();
    }
}
