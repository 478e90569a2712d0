package io.github.wslproxy.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * One end of a UDP conversation on a real socket: a client, which fails when it is answered from any other address than
 * the one it spoke to, or a server. Waits for nothing longer than its deadline.
 *
 * <p>The client's socket is not connected, since a connected one in Java never sends an empty datagram.
 */
public final class UdpPeer implements Closeable {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int LARGEST = 65_536;
    private static final int KERNEL_BUFFER = 4 << 20;

    private final DatagramSocket socket;
    private final InetSocketAddress server;
    private final byte[] buffer = new byte[LARGEST];
    private Thread echoing;

    /** What arrived, and where an answer goes. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared as a whole.
    public record Datagram(InetSocketAddress from, byte[] payload) {
        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    private UdpPeer(SocketAddress local, InetSocketAddress server) throws SocketException {
        this.server = server;
        socket = new DatagramSocket(local);
        socket.setReceiveBufferSize(KERNEL_BUFFER);
        socket.setSendBufferSize(KERNEL_BUFFER);
    }

    /** A client of {@code server} and of nobody else. */
    public static UdpPeer client(InetSocketAddress server) throws IOException {
        return new UdpPeer(new InetSocketAddress(0), server);
    }

    /** A client as above, which speaks from {@code local}. */
    public static UdpPeer client(InetAddress local, InetSocketAddress server) throws IOException {
        return client(anyPort(local), server);
    }

    /** A client as above, which speaks from {@code local}. */
    public static UdpPeer client(InetSocketAddress local, InetSocketAddress server) throws IOException {
        return new UdpPeer(local, server);
    }

    /** A server that does nothing by itself. */
    public static UdpPeer server(InetSocketAddress local) throws IOException {
        return new UdpPeer(local, null);
    }

    /** A server that returns each datagram to its sender, {@code prefix} in front of it. */
    public static UdpPeer echo(InetSocketAddress local, String prefix) throws IOException {
        UdpPeer peer = new UdpPeer(local, null);
        peer.echoing = new Thread(() -> peer.echo(prefix.getBytes(StandardCharsets.UTF_8)), "udp-echo");
        peer.echoing.setDaemon(true);
        peer.echoing.start();
        return peer;
    }

    /** Any free port of {@code address}, for a server. */
    public static InetSocketAddress anyPort(InetAddress address) {
        return new InetSocketAddress(address, 0);
    }

    /** A port that was free on every address a moment ago. */
    public static int freePort() throws SocketException {
        try (DatagramSocket socket = new DatagramSocket()) {
            return socket.getLocalPort();
        }
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** To the server; only for a client. */
    public void send(byte[] payload) throws IOException {
        socket.send(new DatagramPacket(payload, payload.length, server));
    }

    /** To the server; only for a client. */
    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** To anyone; only for a server. */
    public void sendTo(InetSocketAddress to, String text) throws IOException {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        socket.send(new DatagramPacket(payload, payload.length, to));
    }

    /** The next datagram; fails if none comes before the deadline. */
    public Datagram receive() throws IOException {
        return receive(DEADLINE)
                .orElseThrow(() -> new AssertionError("no datagram at " + address() + " within " + DEADLINE));
    }

    /** The next datagram, if one comes within {@code limit}. */
    public Optional<Datagram> receive(Duration limit) throws IOException {
        socket.setSoTimeout((int) limit.toMillis());
        try {
            Datagram datagram = next();
            if (server != null && !datagram.from().equals(server)) {
                throw new AssertionError("spoke to " + server + ", but was answered from " + datagram.from());
            }
            return Optional.of(datagram);
        } catch (SocketTimeoutException nothing) {
            return Optional.empty();
        }
    }

    /** Sends {@code text} and returns the text of the answer. */
    public String ask(String text) throws IOException {
        send(text);
        return receive().text();
    }

    /** Sends {@code text} again and again until something comes back, as a client does that knows UDP. */
    public String askUntilAnswered(String text) throws IOException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (System.nanoTime() < end) {
            send(text);
            Optional<Datagram> answer = receive(Duration.ofMillis(100));
            if (answer.isPresent()) {
                return answer.get().text();
            }
        }
        throw new AssertionError("no answer within " + DEADLINE);
    }

    private Datagram next() throws IOException {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        return new Datagram(
                (InetSocketAddress) packet.getSocketAddress(), Arrays.copyOf(packet.getData(), packet.getLength()));
    }

    private void echo(byte[] prefix) {
        try {
            while (!socket.isClosed()) {
                Datagram datagram = next();
                byte[] answer = Arrays.copyOf(prefix, prefix.length + datagram.payload().length);
                System.arraycopy(datagram.payload(), 0, answer, prefix.length, datagram.payload().length);
                socket.send(new DatagramPacket(answer, answer.length, datagram.from()));
            }
        } catch (IOException e) {
            if (!socket.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The port is free when this returns: the system keeps a socket for as long as somebody reads from it. */
    @Override
    public void close() throws IOException {
        socket.close();
        if (echoing != null) {
            try {
                echoing.join(DEADLINE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
        }
    }
}
