package io.github.wslproxy.relay.udp;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.relay.EventLoops;
import io.github.wslproxy.relay.LoopGuard;
import io.github.wslproxy.relay.SocketErrors;
import io.netty.channel.ChannelException;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;

/**
 * Opens the sockets of UDP relays. As a rule they are unconnected: a connected channel of the JDK never sends an empty
 * datagram, and the JDK lets Windows report ICMP errors on connected ones only.
 */
class UdpSocketFactory {
    /** What the kernel keeps while the event loop is busy; it may grant less. */
    private static final int KERNEL_BUFFER = 1 << 20;

    private static final InetAddress ANY_4 = IpLiteral.of("0.0.0.0");
    private static final InetAddress ANY_6 = IpLiteral.of("::");

    private final EventLoops loops;
    private final FreePort freePort;

    UdpSocketFactory(EventLoops loops, LoopGuard loopGuard) {
        this.loops = loops;
        this.freePort = new FreePort(loopGuard);
    }

    /**
     * A socket for {@code address}, of its family: the JDK's own choice is dual-stack and turns {@code 0.0.0.0} into
     * {@code ::}.
     *
     * @param loop that it is going to be registered with
     * @throws ChannelException if the system has none left
     */
    UdpSocket forAddress(InetAddress address, EventLoop loop) {
        return setUp(new UdpSocket(family(address), loops.datagramBuffer(loop)));
    }

    /**
     * A socket that is bound to a free port of {@code source}, and not registered yet. Bound to one address it hears
     * nothing that is sent to the others: who forges the target's address has to be where the target is.
     *
     * @param loop that it is going to be registered with
     * @throws IOException if the system has none left, or no such address any more
     */
    UdpSocket from(InetAddress source, EventLoop loop) throws IOException {
        UdpSocket socket;
        try {
            socket = forAddress(source, loop);
        } catch (ChannelException noneLeft) {
            throw new IOException(SocketErrors.of(noneLeft), noneLeft);
        }
        try {
            freePort.bind(socket.javaChannel(), source);
            return socket;
        } catch (IOException e) {
            socket.javaChannel().close();
            throw e;
        }
    }

    /**
     * Which address of this computer leads to {@code target}: a socket is connected there, which sends nothing.
     *
     * @throws IOException if none does
     */
    InetAddress leadingTo(InetSocketAddress target) throws IOException {
        InetAddress address = target.getAddress();
        try (DatagramChannel throwaway = DatagramChannel.open(family(address))) {
            freePort.bind(throwaway, address instanceof Inet4Address ? ANY_4 : ANY_6);
            throwaway.connect(target);
            return ((InetSocketAddress) throwaway.getLocalAddress()).getAddress();
        }
    }

    private static ProtocolFamily family(InetAddress address) {
        return address instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }

    private static UdpSocket setUp(UdpSocket socket) {
        try {
            socket.javaChannel()
                    .setOption(StandardSocketOptions.SO_RCVBUF, KERNEL_BUFFER)
                    .setOption(StandardSocketOptions.SO_SNDBUF, KERNEL_BUFFER);
        } catch (IOException tooMuchForThisSystem) {
            // Its own sizes serve as well, only bursts less.
        }
        return socket;
    }
}
