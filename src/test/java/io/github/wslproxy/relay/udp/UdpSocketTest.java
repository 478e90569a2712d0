package io.github.wslproxy.relay.udp;

import static io.github.wslproxy.testing.Forwards.ip;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.UdpPeer;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class UdpSocketTest {
    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    private final List<String> received = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    @Test
    void aReceiverThatFailsIsToldAndTheNextDatagramArrives() throws Exception {
        UdpSocket socket = open((sender, payload) -> {
            String text = UTF_8.decode(payload).toString();
            if (text.equals("bad")) {
                throw new IllegalStateException("planted");
            }
            received.add(text);
        });
        UdpPeer client = fixture.use(UdpPeer.client(socket.localAddress()));

        client.send("bad".getBytes(UTF_8));
        client.send("good".getBytes(UTF_8));

        Await.until(() -> received.contains("good"));
        assertThat(failures).singleElement().asString().contains("planted");
        assertThat(socket.isOpen()).isTrue();
    }

    @Test
    void aReceiverMayCloseItsSocketWhileMoreWaits() throws Exception {
        List<UdpSocket> sockets = new CopyOnWriteArrayList<>();
        UdpSocket socket = open((sender, payload) -> {
            received.add(UTF_8.decode(payload).toString());
            sockets.get(0).close();
        });
        sockets.add(socket);
        UdpPeer client = fixture.use(UdpPeer.client(socket.localAddress()));

        EventLoop loop = socket.eventLoop();
        loop.submit(() -> {
                    for (int i = 0; i < 20; i++) {
                        client.send(new byte[] {'x'});
                    }
                    return null;
                })
                .get(10, TimeUnit.SECONDS);

        socket.closeFuture().get(10, TimeUnit.SECONDS);
        assertThat(received).hasSize(1);
        assertThat(failures).isEmpty();
    }

    /** Then it is for the datagrams of those who talk, and not for newcomers, which cost more. */
    @Test
    void itKnowsForASecondThatMoreCameThanItCouldReceiveAsFast() throws Exception {
        UdpSocket socket = open((sender, payload) -> received.add("one"));
        socket.javaChannel().setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
        UdpPeer client = fixture.use(UdpPeer.client(socket.localAddress()));
        EventLoop loop = socket.eventLoop();
        for (int i = 0; i < 100; i++) {
            client.send(new byte[] {'x'});
        }
        Await.until(() -> received.size() == 100);
        assertThat(flooded(socket)).isFalse();

        loop.submit(() -> {
                    for (int i = 0; i < 300; i++) {
                        client.send(new byte[] {'x'});
                    }
                    return null;
                })
                .get(10, TimeUnit.SECONDS);

        Await.until(() -> received.size() == 400);
        assertThat(flooded(socket)).isTrue();
        Await.until(() -> !flooded(socket));
    }

    private static boolean flooded(UdpSocket socket) throws Exception {
        return socket.eventLoop().submit(socket::isFlooded).get(10, TimeUnit.SECONDS);
    }

    private UdpSocket open(UdpSocket.Receiver receiver) throws Exception {
        EventLoop loop = fixture.context().loops().group().next();
        UdpSocket socket = new UdpSocket(
                StandardProtocolFamily.INET, fixture.context().loops().datagramBuffer(loop));
        socket.handOverTo(receiver);
        socket.pipeline().addLast(new ReadBrake(() -> true), new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                failures.add(cause);
            }
        });
        loop.register(socket).get(10, TimeUnit.SECONDS);
        socket.bind(new InetSocketAddress(ip("127.0.0.1"), 0)).get(10, TimeUnit.SECONDS);
        return socket;
    }
}
