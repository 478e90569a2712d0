package io.github.wslproxy.relay.udp;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.nio.AbstractNioMessageChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A socket that receives into the one buffer of its event loop and sends at once or not at all. Netty's own datagram
 * channel has a buffer, a packet and a place in a queue for each datagram, which costs more than the system calls do.
 * Netty never connects it. Used on its event loop only.
 */
class UdpSocket extends AbstractNioMessageChannel {
    /** Passed along the pipeline after a read that has brought something instead of Netty's packets. */
    private static final Object RECEIVED = new Object();

    /** Netty reads so many by default: the other sockets of the loop get their turn then. */
    private static final int MOST_AT_ONCE = 16;

    /** So many times in a row there was more to be read: 256 datagrams, of which the system may keep a few hundred. */
    private static final int READS_OF_FLOOD = 16;

    private static final long FLOOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final ChannelMetadata METADATA = new ChannelMetadata(true);

    private final ChannelConfig config = new DefaultChannelConfig(this) {
        /** Else a read that was asked for before would go on for as long as none succeeds. */
        @Override
        protected void autoReadCleared() {
            clearReadPending();
        }
    };
    private final ByteBuffer buffer;
    private @Nullable Receiver receiver;
    private int fullReads;
    private boolean flooded;
    private long floodedAt;

    /** Takes what arrives. */
    interface Receiver {
        /**
         * Takes one datagram.
         *
         * @param payload good until this returns
         */
        void received(InetSocketAddress sender, ByteBuffer payload);
    }

    /**
     * Opens a socket, not registered yet.
     *
     * @param family of its addresses; null for both
     * @param buffer of the event loop that it is going to be registered with, as large as the largest datagram
     * @throws ChannelException if the system has none left
     */
    UdpSocket(@Nullable ProtocolFamily family, ByteBuffer buffer) {
        super(null, open(family), SelectionKey.OP_READ);
        this.buffer = buffer;
    }

    private static DatagramChannel open(@Nullable ProtocolFamily family) {
        try {
            return family == null ? DatagramChannel.open() : DatagramChannel.open(family);
        } catch (IOException e) {
            throw new ChannelException("cannot open a socket", e);
        }
    }

    /** Names who takes what arrives. Call it once, before the socket is registered. */
    void handOverTo(Receiver to) {
        receiver = to;
    }

    @Override
    protected int doReadMessages(List<Object> read) throws IOException {
        DatagramChannel socket = javaChannel();
        int count = 0;
        try {
            while (count < MOST_AT_ONCE && receive(socket)) {
                count++;
            }
        } finally {
            if (count > 0) {
                read.add(RECEIVED);
            }
        }
        noteLoad(count);
        return count;
    }

    private void noteLoad(int count) {
        fullReads = count < MOST_AT_ONCE ? 0 : fullReads + 1;
        if (fullReads >= READS_OF_FLOOD) {
            fullReads = 0;
            flooded = true;
            floodedAt = System.nanoTime();
        }
    }

    /** Whether more came within the last second than could be received as fast; the system may have lost some. */
    boolean isFlooded() {
        flooded = flooded && System.nanoTime() - floodedAt < FLOOD_NANOS;
        return flooded;
    }

    private boolean receive(DatagramChannel socket) throws IOException {
        if (!socket.isOpen()) {
            return false;
        }
        buffer.clear();
        InetSocketAddress sender = (InetSocketAddress) socket.receive(buffer);
        if (sender == null) {
            return false;
        }
        buffer.flip();
        handOver(sender);
        return true;
    }

    /** A failure of the receiver is none of the socket, which Netty would close. */
    private void handOver(InetSocketAddress sender) {
        if (receiver == null) {
            return;
        }
        try {
            receiver.received(sender, buffer);
        } catch (RuntimeException | Error failure) {
            pipeline().fireExceptionCaught(failure);
        }
    }

    /** What a system reports of an earlier datagram is no reason to stop receiving. */
    @Override
    protected boolean closeOnReadError(Throwable cause) {
        return !(cause instanceof SocketException) && super.closeOnReadError(cause);
    }

    /**
     * Sends {@code payload}, whose position is at its end then.
     *
     * @return whether the system took it; else there is no room at the moment
     * @throws IOException if it cannot be sent there
     */
    boolean send(ByteBuffer payload, InetSocketAddress to) throws IOException {
        // An empty datagram is sent, too, and counts as no bytes.
        boolean empty = !payload.hasRemaining();
        DatagramChannel socket = javaChannel();
        if (empty && socket.isConnected()) {
            // A connected channel of the JDK leaves empty datagrams out. From here on it stays unconnected: to connect
            // it again would throw away what has arrived meanwhile.
            socket.disconnect();
        }
        return socket.send(payload, to) > 0 || empty;
    }

    @Override
    protected DatagramChannel javaChannel() {
        return (DatagramChannel) super.javaChannel();
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isActive() {
        return javaChannel().isOpen() && javaChannel().socket().isBound();
    }

    @Override
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) super.localAddress();
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return javaChannel().socket().getLocalSocketAddress();
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return null;
    }

    @Override
    protected void doBind(SocketAddress local) throws IOException {
        javaChannel().bind(local);
    }

    @Override
    protected void doClose() throws IOException {
        javaChannel().close();
    }

    @Override
    protected void doDisconnect() throws IOException {
        doClose();
    }

    @Override
    protected boolean doConnect(SocketAddress remote, @Nullable SocketAddress local) {
        throw new UnsupportedOperationException("it is never connected");
    }

    @Override
    protected void doFinishConnect() {
        throw new UnsupportedOperationException("it is never connected");
    }

    @Override
    protected boolean doWriteMessage(Object message, ChannelOutboundBuffer queue) {
        throw new UnsupportedOperationException("it sends by send()");
    }
}
