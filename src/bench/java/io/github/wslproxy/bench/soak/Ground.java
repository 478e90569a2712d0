package io.github.wslproxy.bench.soak;

import io.github.wslproxy.bench.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The addresses and ports of one soak, all on loopback. */
final class Ground {
    /** Where the pretend VM may be. Linux answers on all of 127.0.0.0/8. */
    static final List<InetAddress> VM = List.of(loopback(2), loopback(3), loopback(4));

    private static final InetAddress LOOPBACK = loopback(1);

    private final Map<SoakForward, Integer> ports = new EnumMap<>(SoakForward.class);
    private final int statusPort;
    private final int linkServerPort;
    private final int udpEchoPort;
    private final int mortalPort;
    private final int nobodyPort;

    Ground() throws IOException {
        FreePorts free = new FreePorts();
        for (SoakForward forward : SoakForward.values()) {
            ports.put(forward, free.next());
        }
        statusPort = free.next();
        linkServerPort = free.next();
        udpEchoPort = free.next();
        mortalPort = free.next();
        nobodyPort = free.next();
    }

    private static InetAddress loopback(int host) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) host});
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Where clients find the forward. */
    InetSocketAddress of(SoakForward forward) {
        return new InetSocketAddress(LOOPBACK, port(forward));
    }

    int port(SoakForward forward) {
        Integer port = ports.get(forward);
        if (port == null) {
            throw new IllegalArgumentException(forward + " (expected: one of the forwards)");
        }
        return port;
    }

    InetSocketAddress status() {
        return new InetSocketAddress(LOOPBACK, statusPort);
    }

    /** At each address of the VM. */
    int linkServerPort() {
        return linkServerPort;
    }

    /** At each address of the VM. */
    int udpEchoPort() {
        return udpEchoPort;
    }

    /** Of a server that is a process of its own, at {@link #loopback()}. */
    int mortalPort() {
        return mortalPort;
    }

    /** Nobody ever listens there, TCP or UDP. */
    int nobodyPort() {
        return nobodyPort;
    }

    static InetAddress loopback() {
        return LOOPBACK;
    }
}
