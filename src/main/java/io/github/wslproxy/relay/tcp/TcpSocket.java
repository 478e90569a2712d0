package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.os.Fault;
import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoEvent;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket of one side of a link: the JDK's, driven by an event loop of Netty. It is no Netty channel: the pipelines,
 * queues and futures of two of those were a fifth of what a short connection costs. All methods are to be called on its
 * event loop unless something else is said.
 */
final class TcpSocket implements NioIoHandle {
    private static final Logger log = LoggerFactory.getLogger(TcpSocket.class);
    private static final SocketEvents NOBODY = new SocketEvents() {};

    /**
     * Any usual network carries so much in one segment, with the options of TCP, too: without them it is 536 bytes (RFC
     * 9293 §3.7.1). TCP holds a segment back only while another one is not acknowledged (RFC 9293 §3.7.4), so nothing
     * has to be switched off for a first write that is no longer, and most short connections make no second one.
     */
    private static final int ONE_SEGMENT = 400;

    private final SocketChannel channel;
    private final IoEventLoop loop;
    private @Nullable InetSocketAddress remote;
    private @Nullable IoRegistration registration;
    private SocketEvents events = NOBODY;
    private Runnable whenClosed = () -> {};
    private int interest;
    private boolean hasWritten;
    private boolean sendsAtOnce;
    private boolean comesBack;
    private volatile boolean closed;

    private TcpSocket(SocketChannel channel, IoEventLoop loop) throws IOException {
        this.channel = channel;
        this.loop = loop;
        try {
            channel.configureBlocking(false);
            // Urgent bytes, which telnet and ftp send to interrupt a server, stay in their place in the stream; by
            // default the system takes them out. A listening socket of Java cannot hand the option on to its clients.
            channel.socket().setOOBInline(true);
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    /**
     * Takes over a client. Safe for any thread.
     *
     * @param loop the one it is to live on; it is not {@linkplain #register registered} there yet
     * @throws IOException if the client has left already; its socket is closed then
     */
    static TcpSocket accepted(SocketChannel client, IoEventLoop loop) throws IOException {
        TcpSocket socket = new TcpSocket(client, loop);
        socket.remote = (InetSocketAddress) client.getRemoteAddress();
        return socket;
    }

    /**
     * Opens a socket for a connect.
     *
     * @param loop the one it is to live on; it is not {@linkplain #register registered} there yet
     * @param target has the family of the socket
     * @throws IOException if the system has none left
     */
    static TcpSocket open(IoEventLoop loop, InetSocketAddress target) throws IOException {
        // Without a family it is dual-stack, and one more call into the system.
        SocketChannel channel = target.getAddress() instanceof Inet4Address
                ? SocketChannel.open(StandardProtocolFamily.INET)
                : SocketChannel.open();
        return new TcpSocket(channel, loop);
    }

    /** Puts it on its event loop, where it hears of nothing before something is wanted. */
    void register() throws IOException {
        Future<IoRegistration> registered = loop.register(this);
        if (!registered.isSuccess()) {
            throw new IOException("it has no place on its event loop", registered.cause());
        }
        registration = registered.getNow();
    }

    /** Has {@code next} hear what happens, instead of whoever did so far. */
    void handleBy(SocketEvents next) {
        events = next;
    }

    /** Runs {@code then} when it is closed, after those who asked before; at once if it is closed already. */
    void onClose(Runnable then) {
        if (closed) {
            then.run();
            return;
        }
        Runnable before = whenClosed;
        whenClosed = () -> {
            before.run();
            then.run();
        };
    }

    @Override
    public SelectableChannel selectableChannel() {
        return channel;
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
        int ready = ((NioIoEvent) event).ops().value() & interest;
        try {
            if ((ready & SelectionKey.OP_CONNECT) != 0) {
                events.connectable();
            }
            if ((ready & SelectionKey.OP_WRITE) != 0) {
                events.writable();
            }
            // Who writes may have ended the reading.
            if ((ready & interest & SelectionKey.OP_READ) != 0) {
                events.readable();
            }
        } catch (RuntimeException | Error failure) {
            Fault.escalateFatal(failure);
            events.failed(failure);
        }
    }

    private void want(int operations) {
        if (operations != interest && registration != null && !closed) {
            interest = operations;
            registration.submit(NioIoOps.valueOf(operations));
        }
    }

    /** Sets whether {@link SocketEvents#readable} is to be called. */
    void wantReadable(boolean wanted) {
        want(wanted ? interest | SelectionKey.OP_READ : interest & ~SelectionKey.OP_READ);
    }

    /** Sets whether {@link SocketEvents#writable} is to be called. */
    void wantWritable(boolean wanted) {
        want(wanted ? interest | SelectionKey.OP_WRITE : interest & ~SelectionKey.OP_WRITE);
    }

    /** @throws IOException if the address is in use, or is not of this computer */
    void bind(InetSocketAddress local) throws IOException {
        channel.bind(local);
    }

    /**
     * Begins to connect; {@link SocketEvents#connectable} tells the end.
     *
     * @return whether it is connected already
     * @throws IOException if it cannot be connected
     */
    boolean connect(InetSocketAddress target) throws IOException {
        remote = target;
        // On loopback the other end has answered by now, as a rule.
        if (channel.connect(target) || (target.getAddress().isLoopbackAddress() && channel.finishConnect())) {
            return true;
        }
        want(interest | SelectionKey.OP_CONNECT);
        return false;
    }

    /** Returns whether the connect has ended, unless it has failed. */
    boolean finishConnect() throws IOException {
        boolean connected = channel.finishConnect();
        want(connected ? interest & ~SelectionKey.OP_CONNECT : interest);
        return connected;
    }

    /**
     * Reads what there is, up to {@code most} bytes.
     *
     * @return how many; 0 if there is nothing now, -1 if nothing will come any more
     * @throws IOException if the peer has reset the connection, or it has failed otherwise
     */
    int read(ByteBuf into, int most) throws IOException {
        return into.writeBytes(channel, most);
    }

    /** Writes as much as the kernel takes, unless the connection has failed; the rest stays in {@code bytes}. */
    void write(ByteBuf bytes) throws IOException {
        if (!sendsAtOnce && (hasWritten || bytes.readableBytes() > ONE_SEGMENT)) {
            sendsAtOnce = true;
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        hasWritten = true;
        bytes.readBytes(channel, bytes.readableBytes());
    }

    /** Sends the end, unless the connection has failed: nothing is written any more. */
    void endOutput() throws IOException {
        channel.shutdownOutput();
    }

    /** @throws IOException if it is closed, or the system does not take the value */
    <T> void set(SocketOption<T> option, T value) throws IOException {
        channel.setOption(option, value);
    }

    /** Has another selector watch it, unless it is closed; see {@link SocketWatch}. */
    SelectionKey watch(Selector selector, int operation, Runnable attachment) throws IOException {
        return channel.register(selector, operation, attachment);
    }

    /** One of our own listeners has accepted the connection. */
    void cameBack() {
        comesBack = true;
        reset();
    }

    /** Whether the connection leads to wslproxy itself. */
    boolean comesBack() {
        return comesBack;
    }

    /** Why it is closed, if nothing else has said that. */
    String closedBecause() {
        return comesBack ? "wslproxy itself listens there" : "ClosedChannelException";
    }

    /**
     * Closes it so that the peer sees a reset and not a clean end (SO_LINGER of zero). Before it is registered, any
     * thread may do that.
     */
    void reset() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException peerHasGone) {
            // Closing is all that is left then.
        }
        close();
    }

    /** Closes it; the peer sees a clean end. Also called by the event loop at its end. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        interest = 0;
        try {
            channel.close();
        } catch (IOException e) {
            log.debug("a socket could not be closed", e);
        }
        if (registration != null) {
            registration.cancel();
        }
        whenClosed.run();
        events.closed();
    }

    /** Safe for any thread. */
    boolean isOpen() {
        return !closed;
    }

    /** Safe for any thread. */
    IoEventLoop eventLoop() {
        return loop;
    }

    /** The peer; known once it is accepted, or a connect has begun. Safe for any thread from then on. */
    InetSocketAddress remoteAddress() {
        return Objects.requireNonNull(remote, "no connect has begun");
    }

    /**
     * Its own end of the connection.
     *
     * @throws UncheckedIOException if it is closed
     */
    InetSocketAddress localAddress() {
        try {
            return (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException closedMeanwhile) {
            throw new UncheckedIOException(closedMeanwhile);
        }
    }

    /**
     * A socket may be given the very port of its target, where that is one of those for outgoing connections and nobody
     * listens there. TCP then connects it to itself (simultaneous open), and the server could not listen meanwhile.
     */
    boolean isConnectedToItself() {
        return localAddress().equals(remote);
    }
}
