package io.github.wslproxy.relay.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.SocketChannel;

/** The socket of one side of a link: Netty's, without the system calls that tell a link nothing. */
final class TcpSocket extends NioSocketChannel {
    private boolean inputEnded;
    private boolean comesBack;

    /**
     * Opens a socket.
     *
     * @throws io.netty.channel.ChannelException if the system has none left
     */
    TcpSocket(TcpChannelSetup options) {
        options.apply(config());
        keepUrgentBytes();
    }

    /** @param accepted by {@code listener} */
    TcpSocket(Channel listener, SocketChannel accepted, TcpChannelSetup options) {
        super(listener, accepted);
        options.apply(config());
        keepUrgentBytes();
    }

    /**
     * Keeps urgent bytes, which telnet and ftp send to interrupt a server, in their place in the stream (SO_OOBINLINE);
     * by default the system takes them out. A listening socket of Java cannot hand the option on to its clients.
     */
    private void keepUrgentBytes() {
        try {
            javaChannel().socket().setOOBInline(true);
        } catch (SocketException alreadyReset) {
            // The next read tells.
        }
    }

    /** Netty's own asks for SO_LINGER at each close, to wait on another thread if it is positive, which it never is. */
    @Override
    protected AbstractNioUnsafe newUnsafe() {
        return new Unsafe();
    }

    /** One of our own listeners has accepted the connection. Call it on the event loop. */
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

    /** The port as it is now: Netty keeps the address that it was asked for first, which a connect changes. */
    int localPort() {
        return javaChannel().socket().getLocalPort();
    }

    /**
     * A socket may be given the very port of its target, where that is one of those for outgoing connections and nobody
     * listens there. TCP then connects it to itself (simultaneous open), and the server could not listen meanwhile.
     */
    boolean isConnectedToItself() {
        return localPort() == remoteAddress().getPort()
                && localAddress().getAddress().equals(remoteAddress().getAddress());
    }

    private final class Unsafe extends NioByteUnsafe {}

    /** Called by Netty when the peer has sent its last byte: there is nothing left to be shut down. */
    @Override
    public ChannelFuture shutdownInput() {
        inputEnded = true;
        return newSucceededFuture();
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        inputEnded = true;
        return promise.setSuccess();
    }

    @Override
    public boolean isInputShutdown() {
        return inputEnded || !isActive();
    }

    /**
     * Sends the end past Netty's queue, in which nothing may wait. Netty's own way makes an exception, with its stack
     * trace, for each write that could be in the queue.
     */
    void endOutput() throws IOException {
        javaChannel().shutdownOutput();
    }

    /** Closes it so that the peer sees a reset and not a clean end (SO_LINGER of zero). */
    void reset() {
        closeByReset();
        close();
    }

    /** Resets it while it is on no event loop yet. */
    void resetUnregistered() {
        closeByReset();
        unsafe().closeForcibly();
    }

    private void closeByReset() {
        try {
            config().setSoLinger(0);
        } catch (ChannelException peerHasGone) {
            // Closing is all that is left then.
        }
    }

    /**
     * Changes while the peer takes what waits in Netty's queue: a slow receiver may take minutes for one buffer, which
     * is progress although nothing new is read.
     */
    long unsentProgress() {
        ChannelOutboundBuffer unsent = unsafe().outboundBuffer();
        return unsent == null ? 0 : unsent.currentProgress();
    }

    /** The JDK's channel, past Netty's queue. */
    @Override
    protected SocketChannel javaChannel() {
        return super.javaChannel();
    }
}
