package io.github.wslproxy.relay.tcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.relay.ListenerConfig;
import io.github.wslproxy.relay.PortMapping;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.TcpPeer;
import io.netty.channel.Channel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AcceptTest {
    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    @Test
    void clientsThatCannotBeAcceptedHoldUpNobody() throws Exception {
        TcpPeer echo = fixture.use(TcpPeer.playing(TcpPeer::echo));
        TcpRelay relay = relayTo(echo);
        Channel listener = listener(relay, echo);
        try {
            for (int i = 0; i < 30; i++) {
                listener.pipeline().fireExceptionCaught(new IOException("An existing connection was forcibly closed"));
            }
            listener.eventLoop().submit(() -> {}).sync();

            assertThat(listener.config().isAutoRead()).isTrue();
            assertEchoes((InetSocketAddress) listener.localAddress());
            assertThat(relay.counters().lastError()).isEmpty();
        } finally {
            listener.close().sync();
        }
    }

    @Test
    void manyInARowAreToldAndTheNextWaitsForAMomentOnly() throws Exception {
        TcpPeer echo = fixture.use(TcpPeer.playing(TcpPeer::echo));
        TcpRelay relay = relayTo(echo);
        Channel listener = listener(relay, echo);
        try {
            for (int i = 0; i < 64; i++) {
                listener.pipeline().fireExceptionCaught(new IOException("no buffer space"));
            }
            listener.eventLoop().submit(() -> {}).sync();

            assertThat(relay.counters().lastError().orElseThrow().text())
                    .isEqualTo("cannot accept clients: no buffer space");
            assertEchoes((InetSocketAddress) listener.localAddress());
        } finally {
            listener.close().sync();
        }
    }

    @Test
    void bytesMarkedAsUrgentStayInTheirPlaceBothWays() throws Exception {
        CompletableFuture<byte[]> request = new CompletableFuture<>();
        TcpPeer server = fixture.use(TcpPeer.playing(socket -> {
            request.complete(socket.getInputStream().readNBytes(4));
            sendUrgently(socket);
        }));
        TcpRelay relay = relayTo(server);
        try (Socket client =
                new Socket(InetAddress.getLoopbackAddress(), bound(relay).getPort())) {
            client.setSoTimeout(10_000);
            client.setOOBInline(true);
            sendUrgently(client);

            assertThat(request.get(10, TimeUnit.SECONDS)).asString(UTF_8).isEqualTo("a!b!");
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            client.getInputStream().transferTo(answer);
            assertThat(answer.toString(UTF_8)).isEqualTo("a!b!");
        }
    }

    private static void sendUrgently(Socket socket) throws Exception {
        for (char plain : new char[] {'a', 'b'}) {
            socket.getOutputStream().write(plain);
            socket.sendUrgentData('!');
            Thread.sleep(20); // Two urgent bytes at once would be one (RFC 6093).
        }
    }

    private TcpRelay relayTo(TcpPeer server) throws Exception {
        Forward forward =
                Forwards.tcp().listen("127.0.0.1", 0).toWsl(server.port()).named("x");
        return fixture.start(new TcpRelay(forward, TargetSource.fixed(server.address()), fixture.context()));
    }

    /** One of its own beside that of the relay, so that its pipeline is at hand. */
    private Channel listener(TcpRelay relay, TcpPeer server) throws Exception {
        PortMapping route = PortMapping.of(relay.forward()).get(0);
        ListenerConfig duty = new ListenerConfig(relay.forward(), route, TargetSource.fixed(server.address()));
        TcpSocketOptions sockets = new TcpSocketOptions(fixture.context().loops());
        return new TcpBinder(relay, sockets)
                .bind(
                        fixture.context().loops().group().next(),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        () -> duty)
                .sync()
                .channel();
    }

    private static InetSocketAddress bound(TcpRelay relay) {
        return RelayFixture.bound(relay).get(0);
    }

    private static void assertEchoes(InetSocketAddress where) throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), where.getPort())) {
            client.setSoTimeout(10_000);
            client.getOutputStream().write('x');
            assertThat(client.getInputStream().read()).isEqualTo('x');
        }
    }
}
