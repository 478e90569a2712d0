package io.github.wslproxy.relay.tcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.TcpPeer;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEventLoop;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TcpSocketTest {
    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    @Test
    void bytesMarkedAsUrgentStayInTheirPlaceBothWays() throws Exception {
        CompletableFuture<byte[]> request = new CompletableFuture<>();
        TcpPeer server = fixture.serving(socket -> {
            request.complete(socket.getInputStream().readNBytes(4));
            sendUrgently(socket);
        });
        TcpRelay relay = fixture.tcp(Forwards.tcp().listen("127.0.0.1", 0), server);
        InetSocketAddress where = RelayFixture.bound(relay).get(0);
        try (Socket client = new Socket(where.getAddress(), where.getPort())) {
            client.setSoTimeout(10_000);
            client.setOOBInline(true);
            sendUrgently(client);

            assertThat(request.get(10, TimeUnit.SECONDS)).asString(UTF_8).isEqualTo("a!b!");
            assertThat(client.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("a!b!");
        }
    }

    /** TCP holds a short segment back only while another one is on its way (RFC 9293 §3.7.4). */
    @Test
    void tcpIsToldToHoldNothingBackOnceThereIsMoreThanOneSegment() throws Exception {
        TcpSocket shortWrites = connected();
        assertThat(holdsNothingBackAfterWriting(400, shortWrites)).isFalse();
        assertThat(holdsNothingBackAfterWriting(1, shortWrites)).isTrue();
        assertThat(holdsNothingBackAfterWriting(401, connected())).isTrue();
    }

    private TcpSocket connected() throws Exception {
        IoEventLoop loop = fixture.context().loops().group().next();
        return SocketAndPeer.open(fixture, loop).socket();
    }

    private static boolean holdsNothingBackAfterWriting(int bytes, TcpSocket socket) throws Exception {
        Future<Boolean> option = socket.eventLoop().submit(() -> {
            socket.write(Unpooled.wrappedBuffer(new byte[bytes]));
            return ((SocketChannel) socket.selectableChannel()).getOption(StandardSocketOptions.TCP_NODELAY);
        });
        return option.get(10, TimeUnit.SECONDS);
    }

    private static void sendUrgently(Socket socket) throws Exception {
        for (char plain : new char[] {'a', 'b'}) {
            socket.getOutputStream().write(plain);
            socket.sendUrgentData('!');
            Thread.sleep(20); // Two urgent bytes at once would be one (RFC 6093).
        }
    }
}
