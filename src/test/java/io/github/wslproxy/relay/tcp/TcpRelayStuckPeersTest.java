package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.TcpClients.assertEchoes;
import static io.github.wslproxy.testing.TcpClients.connect;
import static io.github.wslproxy.testing.TcpClients.random;
import static io.github.wslproxy.testing.TcpClients.reset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.TcpPeer;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Peers that stop reading, stop speaking, or read slowly. */
@Tag("slow")
class TcpRelayStuckPeersTest extends StuckPeersFixture {
    @Test
    void halfClosedLinksOfEitherSideAreGivenUpAndLeaveNothing() throws Exception {
        TcpPeer silent = fixture.serving(socket -> {
            if (socket.getInputStream().read() == 'e') {
                socket.shutdownOutput();
            }
            new CompletableFuture<>().get();
        });
        TcpRelay relay = start(to(silent).halfCloseTimeout(SHORT), silent);
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Socket client = fixture.use(connect(relay));
            boolean clientEnds = i % 2 == 0;
            client.getOutputStream().write(clientEnds ? 'x' : 'e');
            if (clientEnds) {
                client.shutdownOutput();
            }
            clients.add(client);
        }

        Await.until(() -> relay.counters().accepted() == clients.size());
        Await.until(() -> relay.counters().open() == 0);
        for (int i = 0; i < clients.size(); i++) {
            Socket client = clients.get(i);
            if (i % 2 == 0) {
                assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            } else {
                assertThat(client.getInputStream().read())
                        .as("the server's end")
                        .isEqualTo(-1);
            }
        }
    }

    @Test
    void aHalfClosedLinkLivesAsLongAsTheOtherDirectionMoves() throws Exception {
        int ticks = 60;
        TcpPeer clock = fixture.serving(socket -> {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            for (int i = 0; i < ticks; i++) {
                socket.getOutputStream().write(i);
                Thread.sleep(20);
            }
        });
        TcpRelay relay = start(to(clock).halfCloseTimeout(SHORT), clock);
        try (Socket client = connect(relay)) {
            client.shutdownOutput();

            assertThat(client.getInputStream().readAllBytes()).hasSize(ticks);
        }
    }

    @Test
    void aServerThatNeverReadsIsGivenUpWithItsClientAndTheMemoryComesBack() throws Exception {
        TcpPeer stuck = fixture.serving(socket -> new CompletableFuture<>().get());
        TcpRelay relay = start(to(stuck).idleTimeout(SHORT), stuck);
        List<CompletableFuture<Throwable>> uploads = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Socket client = fixture.use(connect(relay));
            uploads.add(inBackground(() -> {
                while (true) {
                    client.getOutputStream().write(new byte[65536]);
                }
            }));
        }

        for (CompletableFuture<Throwable> upload : uploads) {
            assertThat(upload.get(15, TimeUnit.SECONDS)).isInstanceOf(SocketException.class);
        }
        assertThat(relay.counters().accepted()).isEqualTo(uploads.size());
        Await.until(() -> relay.counters().open() == 0);
        assertThat(fixture.context().loops().readBuffers().waiting()).isZero();
    }

    @Test
    void bothPeersMayBeStuckAtOnceAndOthersAreServedMeanwhile() throws Exception {
        TcpPeer flood = fixture.serving(socket -> {
            while (true) {
                socket.getOutputStream().write(new byte[65536]);
            }
        });
        TcpPeer echo = fixture.echo();
        TcpRelay stuck = start(to(flood).idleTimeout(Duration.ofSeconds(1)), flood);
        TcpRelay other = start(to(echo), echo);
        Socket client = fixture.use(connect(stuck));
        CompletableFuture<Throwable> upload = inBackground(() -> {
            while (true) {
                client.getOutputStream().write(new byte[65536]);
            }
        });
        Await.until(() -> stuck.counters().open() == 1
                && fixture.context().loops().readBuffers().waiting() > 0);

        try (Socket served = connect(other)) {
            assertEchoes(served);
        }
        assertThat(upload.get(15, TimeUnit.SECONDS)).isInstanceOf(SocketException.class);
        Await.until(() -> stuck.counters().open() == 0);
        assertThat(fixture.context().loops().readBuffers().waiting()).isZero();
    }

    @Test
    void theEndBehindFiftyMebibytesReachesASlowReaderWhateverTheHalfCloseTimeout() throws Exception {
        byte[] all = random(50 * MIB);
        TcpPeer server = fixture.serving(socket -> socket.getOutputStream().write(all));
        TcpRelay relay = start(to(server).halfCloseTimeout(Duration.ofSeconds(1)), server);
        try (Socket client = connect(relay)) {
            client.shutdownOutput();

            Received received = receiveSlowly(client, 256 * 1024, 12);

            assertThat(received.end()).as("a clean end").isNull();
            assertThat(Arrays.equals(received.bytes(), all)).isTrue();
        }
        Await.until(() -> relay.counters().open() == 0);
    }

    @Test
    void clientsThatResetWhileTheirBytesWaitForADeafServerAreGoneAfterTheHalfCloseTimeout() throws Exception {
        TcpPeer deaf = fixture.serving(socket -> new CompletableFuture<>().get());
        TcpRelay relay = start(to(deaf).halfCloseTimeout(Duration.ofSeconds(1)), deaf);
        for (int i = 0; i < 10; i++) {
            Socket client = connect(relay);
            CompletableFuture<Throwable> upload = inBackground(() -> {
                while (true) {
                    client.getOutputStream().write(new byte[65536]);
                }
            });
            Await.until(() -> fixture.context().loops().readBuffers().waiting() > 0);
            reset(client);
            upload.get(10, TimeUnit.SECONDS);
        }
        Await.until(() -> relay.counters().accepted() == 10);
        Await.until(() -> relay.counters().open() == 0);
        assertThat(fixture.context().loops().readBuffers().waiting()).isZero();
    }

    @Test
    void thousandsOfShortAnswersArriveByteForByteWhoeverEndsFirst() throws Exception {
        TcpPeer server = fixture.serving(socket -> {
            int length = socket.getInputStream().read() * 100;
            boolean clientEndsFirst = socket.getInputStream().read() == 'c';
            byte[] answer = new byte[length];
            new Random(length).nextBytes(answer);
            socket.getOutputStream().write(answer);
            if (clientEndsFirst) {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
        });
        TcpRelay relay = start(to(server), server);
        for (int i = 0; i < 3000; i++) {
            int length = i % 200;
            boolean clientEndsFirst = i % 2 == 0;
            try (Socket client = connect(relay)) {
                client.getOutputStream().write(new byte[] {(byte) length, (byte) (clientEndsFirst ? 'c' : 's')});
                byte[] expected = new byte[length * 100];
                new Random(length * 100L).nextBytes(expected);
                byte[] got = clientEndsFirst
                        ? client.getInputStream().readNBytes(expected.length)
                        : client.getInputStream().readAllBytes();
                assertThat(Arrays.equals(got, expected)).as("answer " + i).isTrue();
                client.shutdownOutput();
                assertThat(client.getInputStream().read()).isEqualTo(-1);
            }
        }
        assertThat(server.failures()).isEmpty();
    }

    @Test
    void aReaderThatStopsForLongerThanTheIdleTimeoutMeetsAResetAndNotAnEnd() throws Exception {
        TcpPeer server = fixture.serving(socket -> socket.getOutputStream().write(new byte[32 * MIB]));
        TcpRelay relay = start(to(server).idleTimeout(SHORT), server);
        try (Socket client = connect(relay)) {
            Await.until(() -> relay.counters().bytesOut() > 0);
            Await.until(() -> relay.counters().open() == 0);

            assertThatThrownBy(() -> client.getInputStream().readAllBytes()).isInstanceOf(SocketException.class);
        }
    }
}
