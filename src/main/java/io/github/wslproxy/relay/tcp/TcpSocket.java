package io.github.wslproxy.relay.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.SocketChannel;

/** The socket of one side of a link: Netty's, without system calls that tell a link nothing. */
final class TcpSocket extends NioSocketChannel {
    private boolean inputEnded;
    private boolean comesBack;

    /**
     * Opens a socket.
     *
     * @throws io.netty.channel.ChannelException if the system has none left
     */
    TcpSocket(TcpSocketOptions setUp) {
        setUp.apply(config());
        keepUrgentBytes();
    }

    /** @param accepted by {@code listener} */
    TcpSocket(Channel listener, SocketChannel accepted, TcpSocketOptions setUp) {
        super(listener, accepted);
        setUp.apply(config());
        keepUrgentBytes();
    }

    /**
     * The byte that telnet and ftp send as urgent, to interrupt a server, belongs to the stream of every server that
     * asks for that (SO_OOBINLINE); by default the system takes it out. Java lets no listening socket hand the option
     * on.
     */
    private void keepUrgentBytes() {
        try {
            javaChannel().socket().setOOBInline(true);
        } catch (SocketException alreadyReset) {
            // The next read tells.
        }
    }

    /** At its close Netty would ask for SO_LINGER, to wait on another thread; what is set here is never positive. */
    @Override
    protected AbstractNioUnsafe newUnsafe() {
        return new Unsafe();
    }

    /** Says, on its event loop, that one of our own listeners has accepted it. */
    void cameBack() {
        comesBack = true;
        TcpSocketOptions.reset(this);
    }

    /** Whether it leads to wslproxy itself. */
    boolean comesBack() {
        return comesBack;
    }

    /** Of the socket as it is now: Netty keeps the address that it was asked for first, which a connect changes. */
    int localPort() {
        return javaChannel().socket().getLocalPort();
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
     * Sends the end, past Netty's queue, in which nothing may wait: Netty's way has an exception, with its stack trace,
     * for each write that could be in it.
     */
    void endOutput() throws IOException {
        javaChannel().shutdownOutput();
    }

    /** The JDK's channel, past Netty's queue. */
    @Override
    protected SocketChannel javaChannel() {
        return super.javaChannel();
    }
}
