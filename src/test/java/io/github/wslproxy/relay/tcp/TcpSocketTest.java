package io.github.wslproxy.relay.tcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.TcpPeer;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
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

    private static void sendUrgently(Socket socket) throws Exception {
        for (char plain : new char[] {'a', 'b'}) {
            socket.getOutputStream().write(plain);
            socket.sendUrgentData('!');
            Thread.sleep(20); // Two urgent bytes at once would be one (RFC 6093).
        }
    }
}
