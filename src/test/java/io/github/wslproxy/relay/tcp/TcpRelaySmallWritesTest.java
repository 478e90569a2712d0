package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.Forwards.ip;
import static io.github.wslproxy.testing.TcpClients.connect;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams in pieces of any size. */
@Tag("slow")
class TcpRelaySmallWritesTest {
    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    @Test
    void aThousandBytesThereAndBackNeverWaitForADelayedAcknowledgement() throws Exception {
        TcpPeer echo = fixture.serving(socket -> {
            socket.setTcpNoDelay(true);
            TcpPeer.echo(socket);
        });
        TcpRelay relay = start(echo.port());
        long[] took = new long[1000];
        try (Socket client = connect(relay)) {
            client.setTcpNoDelay(true);
            for (int i = 0; i < took.length; i++) {
                long before = System.nanoTime();
                client.getOutputStream().write(i);
                assertThat(client.getInputStream().read()).isEqualTo(i & 0xff);
                took[i] = System.nanoTime() - before;
            }
        }

        Arrays.sort(took);
        assertThat(Duration.ofNanos(took[500])).isLessThan(Duration.ofMillis(5));
        assertThat(Duration.ofNanos(took[950]))
                .as("the kernel delays acknowledgements by 40 ms; the rest is for a busy computer")
                .isLessThan(Duration.ofMillis(20));
    }

    @Test
    void aStreamInSlicesOfAnySizeKeepsItsOrder() throws Exception {
        byte[] all = new byte[300_000];
        new Random(5).nextBytes(all);
        TcpPeer echo = fixture.echo();
        TcpRelay relay = start(echo.port());
        try (Socket client = connect(relay)) {
            client.setTcpNoDelay(true);
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> sendInSlices(client, all));

            assertThat(client.getInputStream().readAllBytes()).isEqualTo(all);
            sent.get(10, TimeUnit.SECONDS);
        }
    }

    private static void sendInSlices(Socket socket, byte[] all) {
        Random sizes = new Random(6);
        try {
            for (int at = 0; at < all.length; ) {
                int size = Math.min(all.length - at, 1 + sizes.nextInt(sizes.nextBoolean() ? 4 : 2000));
                socket.getOutputStream().write(all, at, size);
                at += size;
            }
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private TcpRelay start(int target) throws Exception {
        return fixture.tcp(Forwards.tcp().listen("127.0.0.1", 0).toWsl(target), TargetSource.fixed(ip("127.0.0.1")));
    }
}
