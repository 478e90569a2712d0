package io.github.wslproxy.bench.soak;

import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The client's end of one link through the proxy. Waits for nothing longer than its deadline, so that a link that hangs
 * is a failure. One thread may send while another receives.
 */
final class Visit implements Closeable {
    private static final int DEADLINE_MILLIS = 30_000;
    private static final AtomicLong NUMBERS =
            new AtomicLong(ProcessHandle.current().pid() << 32);

    private final Socket socket;
    private final DataOutputStream out;
    private final InputStream in;
    private final KnownBytes mine;
    private final KnownBytes theirs;
    private final byte[] buffer = new byte[32 * 1024];
    private long sent;
    private final AtomicLong asked = new AtomicLong();
    private long received;

    private Visit(Socket socket, boolean mayBeKilled) throws IOException {
        long link = NUMBERS.incrementAndGet();
        this.socket = socket;
        mine = LinkProtocol.ofClient(link);
        theirs = LinkProtocol.ofServer(link);
        in = socket.getInputStream();
        out = new DataOutputStream(socket.getOutputStream());
        out.writeByte(mayBeKilled ? 1 : 0);
        out.writeLong(link);
    }

    /**
     * Connects, and exchanges a byte with the server.
     *
     * @throws NoServiceException if that failed
     */
    static Visit to(InetSocketAddress forward) throws NoServiceException {
        return to(forward, false, 0);
    }

    /**
     * Connects, and exchanges a byte with the server.
     *
     * @param mayBeKilled whether this process may be ended in the middle of what it sends
     * @param receiveBuffer of the socket, in bytes; 0 for the system's
     * @throws NoServiceException if that failed
     */
    static Visit to(InetSocketAddress forward, boolean mayBeKilled, int receiveBuffer) throws NoServiceException {
        Socket socket = new Socket();
        try {
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(DEADLINE_MILLIS);
            socket.connect(forward, DEADLINE_MILLIS);
            Visit visit = new Visit(socket, mayBeKilled);
            visit.request(1);
            return visit;
        } catch (IOException e) {
            closeQuietly(socket);
            throw new NoServiceException(forward, e);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // The failure before it is the one to tell of.
        }
    }

    /** Connects and says nothing. */
    static Socket silent(InetAddress address, int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setSoTimeout(DEADLINE_MILLIS);
            socket.connect(new InetSocketAddress(address, port), DEADLINE_MILLIS);
            return socket;
        } catch (IOException e) {
            closeQuietly(socket);
            throw e;
        }
    }

    /** Sends as many bytes. */
    void send(long count) throws IOException {
        ask(LinkProtocol.TAKE, count);
        mine.write(out, sent, count);
        sent += count;
    }

    /** Has the server send as many bytes. */
    void ask(long count) throws IOException {
        asked.addAndGet(count);
        ask(LinkProtocol.SEND, count);
    }

    /** Has the server do what {@code request} of {@link LinkProtocol} says. */
    void ask(byte request, long count) throws IOException {
        out.writeByte(request);
        out.writeLong(count);
    }

    /** Asks for as many bytes and takes them. */
    void request(long count) throws IOException {
        ask(count);
        receive(count);
    }

    void receive(long count) throws IOException {
        for (long end = received + count; received < end; ) {
            if (!receiveSome((int) Math.min(buffer.length, end - received))) {
                throw new EarlyEndException(received, asked.get());
            }
        }
    }

    /** Takes all that comes, until a clean end, which must be behind the last byte asked for. */
    void receiveToTheEnd() throws IOException {
        boolean more = true;
        while (more) {
            more = receiveSome(buffer.length);
        }
        if (received != asked.get()) {
            throw new EarlyEndException(received, asked.get());
        }
    }

    private boolean receiveSome(int most) throws IOException {
        int some = in.read(buffer, 0, most);
        if (some < 0) {
            return false;
        }
        if (!theirs.are(buffer, some, received)) {
            throw new BrokenStreamException("wrong bytes behind the first " + received);
        }
        received += some;
        return true;
    }

    /** How many bytes have come. */
    long received() {
        return received;
    }

    /** Sends the end, and goes on to receive. */
    void end() throws IOException {
        socket.shutdownOutput();
    }

    /** Ends in the good way: all that was asked for is taken, and the server ends as well. */
    void part() throws IOException {
        end();
        receiveToTheEnd();
    }

    void reset() throws IOException {
        socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
