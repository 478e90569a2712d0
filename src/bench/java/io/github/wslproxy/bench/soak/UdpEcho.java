package io.github.wslproxy.bench.soak;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Returns each datagram to its sender. One port, on each address the VM may have. */
final class UdpEcho implements Closeable {
    private static final int KERNEL_BUFFER = 4 << 20;

    private final List<DatagramSocket> sockets = new ArrayList<>();
    private final Findings findings;

    /** Listens when this returns. */
    UdpEcho(List<InetAddress> addresses, int port, Findings findings) throws IOException {
        this.findings = findings;
        for (InetAddress address : addresses) {
            DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address, port));
            socket.setReceiveBufferSize(KERNEL_BUFFER);
            socket.setSendBufferSize(KERNEL_BUFFER);
            sockets.add(socket);
            DaemonThreads.named("udp-echo").newThread(() -> echo(socket)).start();
        }
    }

    private void echo(DatagramSocket socket) {
        byte[] buffer = new byte[UdpClient.LARGEST + 1];
        while (!socket.isClosed()) {
            try {
                DatagramPacket datagram = new DatagramPacket(buffer, buffer.length);
                socket.receive(datagram);
                socket.send(datagram);
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    findings.add("an echo of the soak failed: " + e);
                }
            }
        }
    }

    @Override
    public void close() {
        sockets.forEach(DatagramSocket::close);
    }
}
