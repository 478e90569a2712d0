package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.forward.ProxyProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.PreferHeapByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageEncoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Tells a target who its client is, and which address the client has connected to. */
final class ProxyHeader {
    /** A header is small and sent at once, so it needs none of the memory of the links. */
    private static final ByteBufAllocator HEAP = new PreferHeapByteBufAllocator(UnpooledByteBufAllocator.DEFAULT);

    private ProxyHeader() {}

    /**
     * Returns the header in a buffer of its own, which has room for more.
     *
     * @param protocol not {@code OFF}
     * @param source the client
     * @param destination where the client has connected to
     */
    static ByteBuf of(ProxyProtocol protocol, InetSocketAddress source, InetSocketAddress destination) {
        boolean v4 = isV4(source) && isV4(destination);
        return encoded(new HAProxyMessage(
                version(protocol),
                HAProxyCommand.PROXY,
                v4 ? HAProxyProxiedProtocol.TCP4 : HAProxyProxiedProtocol.TCP6,
                literal(source.getAddress(), v4),
                literal(destination.getAddress(), v4),
                source.getPort(),
                destination.getPort()));
    }

    private static HAProxyProtocolVersion version(ProxyProtocol protocol) {
        return switch (protocol) {
            case V1 -> HAProxyProtocolVersion.V1;
            case V2 -> HAProxyProtocolVersion.V2;
            case OFF -> throw new IllegalArgumentException("no header: " + protocol);
        };
    }

    /** Java has unmapped the address of an IPv4 client that came to a dual-stack socket. */
    private static boolean isV4(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address;
    }

    /** The text has no scope, which is of no use elsewhere and not in the protocol. */
    private static String literal(InetAddress address, boolean v4) {
        return NetUtil.toAddressString(v4 || address instanceof Inet6Address ? address : mapped(address));
    }

    /** The header has one family for both addresses: IPv4 within IPv6 is mapped (RFC 4291 section 2.5.5.2). */
    private static InetAddress mapped(InetAddress v4) {
        byte[] bytes = new byte[16];
        bytes[10] = (byte) 0xff;
        bytes[11] = (byte) 0xff;
        System.arraycopy(v4.getAddress(), 0, bytes, 12, 4);
        try {
            return Inet6Address.getByAddress(null, bytes, -1);
        } catch (UnknownHostException notSixteenBytes) {
            throw new IllegalStateException(notSixteenBytes);
        }
    }

    /** The encoder works in a pipeline only. In the target's own pipeline its bytes would be a separate write. */
    private static ByteBuf encoded(HAProxyMessage message) {
        EmbeddedChannel pipeline = new EmbeddedChannel(HAProxyMessageEncoder.INSTANCE);
        pipeline.config().setAllocator(HEAP);
        pipeline.writeOutbound(message);
        return pipeline.readOutbound();
    }
}
