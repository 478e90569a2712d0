package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.TcpClients.assertReset;
import static io.github.wslproxy.testing.TcpClients.connect;
import static io.github.wslproxy.testing.TcpClients.random;
import static io.github.wslproxy.testing.TcpClients.reset;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How connections end: by both ends, by a reset, by a timeout. */
class TcpRelayEndsTest {
    private static final int MIB = 1 << 20;

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    @Test
    void aClientThatHasEndedStillGetsTheWholeAnswer() throws Exception {
        byte[] answer = random(10 * MIB);
        TcpPeer server = TcpPeer.playing(socket -> {
            assertThat(socket.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("request");
            socket.getOutputStream().write(answer);
        });
        try (Socket client = connect(relayTo(server))) {
            client.getOutputStream().write("request".getBytes(UTF_8));
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(answer);
        }
        assertThat(server.failures()).isEmpty();
    }

    @Test
    void aServerThatHasEndedStillGetsTheWholeRequest() throws Exception {
        byte[] request = random(10 * MIB);
        CompletableFuture<byte[]> received = new CompletableFuture<>();
        TcpPeer server = TcpPeer.playing(socket -> {
            socket.getOutputStream().write("greeting".getBytes(UTF_8));
            socket.shutdownOutput();
            received.complete(socket.getInputStream().readAllBytes());
        });
        try (Socket client = connect(relayTo(server))) {
            assertThat(client.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("greeting");
            client.getOutputStream().write(request);
            client.shutdownOutput();
            assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(request);
        }
    }

    @Test
    void theEndArrivesAfterEverythingEvenAtASlowReader() throws Exception {
        byte[] all = random(20 * MIB);
        TcpPeer server = TcpPeer.playing(socket -> socket.getOutputStream().write(all));
        TcpRelay relay = relayTo(server);
        try (Socket client = connect(relay)) {
            // The server has sent what fits and closed long before the client begins to read.
            Await.until(() -> relay.counters().bytesOut() > 0);
            InputStream in = client.getInputStream();
            byte[] first = in.readNBytes(MIB);
            byte[] rest = in.readAllBytes();
            assertThat(first.length + rest.length).isEqualTo(all.length);
            assertThat(rest).isEqualTo(Arrays.copyOfRange(all, MIB, all.length));
        }
    }

    @Test
    void aResetByTheClientReachesTheServerAsAReset() throws Exception {
        TcpPeer server = TcpPeer.playing(socket -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
        Socket client = connect(relayTo(server));
        client.getOutputStream().write(1);
        server.nextAccepted();
        reset(client);
        Await.until(() -> !server.failures().isEmpty());
        assertThat(server.failures().peek()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
    }

    @Test
    void aResetByTheServerReachesTheClientAsAReset() throws Exception {
        TcpPeer server = TcpPeer.playing(socket -> {
            socket.getInputStream().read();
            reset(socket);
        });
        try (Socket client = connect(relayTo(server))) {
            client.getOutputStream().write(1);
            assertReset(client);
        }
    }

    @Test
    void whatTheKernelHoldsForASlowReaderArrivesBeforeTheServersReset() throws Exception {
        byte[] all = random(MIB);
        CompletableFuture<Void> relayed = new CompletableFuture<>();
        TcpPeer server = TcpPeer.playing(socket -> {
            socket.getOutputStream().write(all);
            relayed.get(20, TimeUnit.SECONDS);
            reset(socket);
        });
        TcpRelay relay = relayTo(server);
        try (Socket client = connect(relay)) {
            Await.until(() -> relay.counters().bytesOut() == all.length);
            relayed.complete(null);
            Await.untilUnchanged(() -> relay.counters().open(), Duration.ofMillis(300));
            InputStream in = client.getInputStream();
            assertThat(in.readNBytes(all.length)).isEqualTo(all);
            assertThatThrownBy(in::read).isInstanceOf(SocketException.class).hasMessageContaining("reset");
        }
    }

    @Test
    void aReaderThatNeverReadsOnHoldsAResetNoLongerThanTheHalfCloseTimeout() throws Exception {
        CompletableFuture<Void> relayed = new CompletableFuture<>();
        TcpPeer server = fixture.serving(socket -> {
            socket.getOutputStream().write(new byte[MIB]);
            relayed.get(20, TimeUnit.SECONDS);
            reset(socket);
        });
        TcpRelay relay = fixture.tcp(everywhere().halfCloseTimeout(Duration.ofMillis(300)), server);
        try (Socket client = connect(relay)) {
            Await.until(() -> relay.counters().bytesOut() == MIB);
            relayed.complete(null);
            Await.until(() -> relay.counters().open() == 0);
            assertThatThrownBy(() -> client.getInputStream().readAllBytes()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void anAnswerThatRefusesAnUploadArrivesAlthoughTheServerHasClosed() throws Exception {
        TcpPeer server = TcpPeer.playing(socket -> {
            socket.getInputStream().read(new byte[1024]);
            socket.getOutputStream().write("413".getBytes(UTF_8));
        });
        TcpRelay relay = relayTo(server);
        for (int i = 0; i < 20; i++) {
            try (Socket client = connect(relay)) {
                CompletableFuture<Void> upload = CompletableFuture.runAsync(() -> uploadUntilRefused(client));
                assertThat(client.getInputStream().readNBytes(3))
                        .asString(UTF_8)
                        .isEqualTo("413");
                upload.get(10, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void aResetAfterAHalfCloseIsPassedOnAtOnce() throws Exception {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        TcpPeer server = TcpPeer.playing(socket -> {
            assertThat(socket.getInputStream().readAllBytes()).hasSize(1);
            try {
                while (true) {
                    socket.getOutputStream().write(new byte[1024]);
                    Thread.sleep(5);
                }
            } catch (SocketException e) {
                seen.complete(e);
            }
        });
        TcpRelay relay = relayTo(server);
        Socket client = connect(relay);
        client.getOutputStream().write(1);
        client.shutdownOutput();
        client.getInputStream().read();
        reset(client);
        assertThat(seen.get(5, TimeUnit.SECONDS)).isInstanceOf(SocketException.class);
        Await.until(() -> relay.counters().open() == 0);
    }

    @Test
    void bytesThatTheKernelHoldsSurviveTheHalfCloseTimeout() throws Exception {
        byte[] all = random(2_000_000);
        TcpPeer server = fixture.serving(socket -> socket.getOutputStream().write(all));
        TcpRelay relay = fixture.tcp(everywhere().halfCloseTimeout(Duration.ofMillis(300)), server);
        try (Socket client = connect(relay)) {
            Await.until(() -> relay.counters().bytesOut() == all.length);
            Await.until(() -> relay.counters().open() == 0);
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(all);
        }
    }

    @ParameterizedTest(name = "half-close timeout {0}")
    @CsvSource({"PT0S", "PT60S"})
    void clientsThatLeaveAServerThatKeepsSendingLeaveNothingOpen(Duration halfCloseTimeout) throws Exception {
        TcpPeer server = fixture.serving(socket -> {
            while (true) {
                socket.getOutputStream().write(new byte[65536]);
            }
        });
        TcpRelay relay = fixture.tcp(everywhere().halfCloseTimeout(halfCloseTimeout), server);
        for (int i = 0; i < 50; i++) {
            Socket client = connect(relay);
            client.getOutputStream().write(1);
            client.getInputStream().read();
            client.close();
        }
        Await.until(() -> relay.counters().open() == 0);
        Await.until(() -> server.failures().size() == 50);
        assertThat(fixture.context().loops().readBuffers().waiting()).isZero();
    }

    @Test
    void anIdleLinkIsResetOnBothSides() throws Exception {
        TcpPeer server = fixture.echo();
        TcpRelay relay = fixture.tcp(everywhere().idleTimeout(Duration.ofMillis(200)), server);
        try (Socket client = connect(relay)) {
            assertReset(client);
        }
        Await.until(() -> !server.failures().isEmpty());
        assertThat(server.failures().peek()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
    }

    @Test
    void trafficInOneDirectionKeepsALinkAlive() throws Exception {
        TcpPeer server = fixture.serving(socket -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
        TcpRelay relay = fixture.tcp(everywhere().idleTimeout(Duration.ofMillis(400)), server);
        try (Socket client = connect(relay)) {
            long end = System.nanoTime() + Duration.ofMillis(1200).toNanos();
            while (System.nanoTime() < end) {
                client.getOutputStream().write('x');
                Thread.sleep(20);
            }
            assertThat(relay.counters().open()).isEqualTo(1);
        }
    }

    @Test
    void aClientWhoseAnswerStaysAwayAfterItsEndMeetsAResetAndNotAnEnd() throws Exception {
        TcpPeer server = fixture.serving(socket -> {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            new CompletableFuture<>().get(); // Silent for ever.
        });
        TcpRelay relay = fixture.tcp(everywhere().halfCloseTimeout(Duration.ofMillis(200)), server);
        try (Socket client = connect(relay)) {
            client.shutdownOutput();
            assertReset(client);
        }
        Await.until(() -> relay.counters().open() == 0);
    }

    @Test
    void aStuckReaderIsResetByTheIdleTimeoutAndItsMemoryComesBack() throws Exception {
        TcpPeer server = fixture.serving(socket -> socket.getOutputStream().write(new byte[64 * MIB]));
        TcpRelay relay = fixture.tcp(everywhere().idleTimeout(Duration.ofMillis(500)), server);
        try (Socket client = connect(relay)) {
            Await.until(
                    () -> relay.counters().bytesOut() > 0 && relay.counters().open() == 0);
            assertThat(fixture.context().loops().readBuffers().waiting()).isZero();
            assertThatThrownBy(() -> client.getInputStream().readAllBytes()).isInstanceOf(SocketException.class);
        }
    }

    private TcpRelay relayTo(TcpPeer server) throws Exception {
        fixture.use(server);
        return fixture.tcp(everywhere(), server);
    }

    private static Forwards everywhere() {
        return Forwards.tcp().listen("*", 0);
    }

    private static void uploadUntilRefused(Socket client) {
        try {
            for (int i = 0; i < 64; i++) {
                client.getOutputStream().write(new byte[65536]);
            }
        } catch (IOException refused) {
            return;
        }
    }
}
