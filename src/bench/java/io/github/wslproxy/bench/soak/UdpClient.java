package io.github.wslproxy.bench.soak;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A client of a UDP echo, which sends again what gets lost, and takes no answer but the one to its last question. Not
 * connected, since a connected socket in Java never sends an empty datagram.
 */
final class UdpClient implements Closeable {
    static final int LARGEST = 65_507;

    private static final int PATIENCE_MILLIS = 250;
    private static final int TRIES = 40;
    private static final int KERNEL_BUFFER = 1 << 20;
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final DatagramSocket socket;
    private final InetSocketAddress forward;
    private final byte[] buffer = new byte[LARGEST + 1];
    private final List<byte[]> asked = new ArrayList<>();
    private int sentAgain;

    UdpClient(InetSocketAddress forward) throws IOException {
        this.forward = forward;
        socket = new DatagramSocket();
        socket.setReceiveBufferSize(KERNEL_BUFFER);
        socket.setSendBufferSize(KERNEL_BUFFER);
    }

    /**
     * Sends {@code size} bytes, and takes them back.
     *
     * @throws BrokenStreamException if other bytes come, or from elsewhere
     * @throws NoServiceException if nothing comes
     */
    void exchange(int size) throws IOException {
        byte[] payload = new KnownBytes(NUMBERS.incrementAndGet()).first(size);
        asked.add(payload);
        for (int tries = 0; tries < TRIES; tries++) {
            send(payload);
            if (isAnswered(payload)) {
                sentAgain += tries;
                return;
            }
        }
        throw new NoServiceException(forward, new SocketTimeoutException(TRIES + " datagrams without an answer"));
    }

    /** Sends as many bytes, and waits for nothing. */
    void send(int size) throws IOException {
        send(new byte[size]);
    }

    /** How many datagrams were lost. */
    int sentAgain() {
        return sentAgain;
    }

    /** Whether anything comes within as many milliseconds. */
    boolean hears(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            socket.receive(new DatagramPacket(buffer, buffer.length));
            return true;
        } catch (SocketTimeoutException nothing) {
            return false;
        }
    }

    private void send(byte[] payload) throws IOException {
        socket.send(new DatagramPacket(payload, payload.length, forward));
    }

    /** A late echo of an earlier question is passed over. */
    private boolean isAnswered(byte[] payload) throws IOException {
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        for (long left = PATIENCE_MILLIS; left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            DatagramPacket answer = new DatagramPacket(buffer, buffer.length);
            socket.setSoTimeout((int) left);
            try {
                socket.receive(answer);
            } catch (SocketTimeoutException lost) {
                return false;
            }
            if (!answer.getSocketAddress().equals(forward)) {
                throw new BrokenStreamException("an answer from " + answer.getSocketAddress() + ", not " + forward);
            }
            if (isEcho(payload, answer.getLength())) {
                return true;
            }
            if (asked.stream().noneMatch(earlier -> isEcho(earlier, answer.getLength()))) {
                throw new BrokenStreamException("wrong bytes in a datagram of " + answer.getLength());
            }
        }
        return false;
    }

    private boolean isEcho(byte[] payload, int length) {
        return length == payload.length && Arrays.equals(buffer, 0, length, payload, 0, length);
    }

    @Override
    public void close() {
        socket.close();
    }
}
