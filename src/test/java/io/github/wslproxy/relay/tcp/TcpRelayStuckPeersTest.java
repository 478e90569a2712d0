package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.TcpClients.assertEchoes;
import static io.github.wslproxy.testing.TcpClients.connect;
import static io.github.wslproxy.testing.TcpClients.random;
import static io.github.wslproxy.testing.TcpClients.reset;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.TcpPeer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Peers that stop reading, stop speaking, read slowly, or go while others still read what they have sent. */
@Tag("slow")
class TcpRelayStuckPeersTest {
    private static final int MIB = 1 << 20;
    private static final Duration SHORT = Duration.ofMillis(300);

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

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
    void aFewBytesAndAResetAtOnceAreAFewBytesAndAReset() throws Exception {
        byte[] last = "last words".getBytes(UTF_8);
        TcpPeer server = fixture.serving(socket -> {
            socket.getInputStream().read();
            socket.getOutputStream().write(last);
            reset(socket);
        });
        TcpRelay relay = start(to(server), server);
        for (int i = 0; i < 200; i++) {
            try (Socket client = connect(relay)) {
                client.getOutputStream().write(1);
                Received received = receive(client);
                assertThat(received.bytes()).isEqualTo(last);
                assertThat(received.end()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
            }
        }
    }

    @Test
    void aResetInFrontOfASlowReaderComesAfterAllThatWasRelayedAndNeverAsAnEnd() throws Exception {
        byte[] all = random(16 * MIB);
        TcpPeer server = fixture.serving(socket -> {
            socket.getOutputStream().write(all, 0, all.length / 2);
            reset(socket); // What this side's kernel could not hand over yet is gone, as without a relay.
        });
        TcpRelay relay = start(to(server), server);
        try (Socket client = connect(relay)) {
            Received received = receiveSlowly(client, 128 * 1024, 2);

            assertThat(received.end()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
            assertThat(received.bytes()).isEqualTo(Arrays.copyOf(all, received.bytes().length));
            assertThat((long) received.bytes().length)
                    .isPositive()
                    .isEqualTo(relay.counters().bytesOut());
        }
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
    void aClientThatResetsWithAnUploadUnderwayLeavesNoServerWaiting() throws Exception {
        TcpPeer server = fixture.serving(socket -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
        TcpRelay relay = start(to(server), server);
        for (int i = 0; i < 50; i++) {
            Socket client = connect(relay);
            client.getOutputStream().write(new byte[200_000]);
            reset(client);
        }

        Await.until(() -> server.failures().size() == 50);
        assertThat(server.failures()).allSatisfy(failure -> assertThat(failure).isInstanceOf(SocketException.class));
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
    void whatAClientHasSentBeforeItsResetStillArrivesAtAServerThatReadsOnLater() throws Exception {
        int all = 24 * MIB;
        CompletableFuture<Void> gone = new CompletableFuture<>();
        CompletableFuture<Long> received = new CompletableFuture<>();
        TcpPeer server = fixture.serving(socket -> {
            gone.get(20, TimeUnit.SECONDS);
            long count = 0;
            try {
                byte[] buffer = new byte[65536];
                for (int n = socket.getInputStream().read(buffer);
                        n > 0;
                        n = socket.getInputStream().read(buffer)) {
                    count += n;
                }
            } catch (SocketException reset) {
                received.complete(count);
            }
        });
        TcpRelay relay = start(to(server).halfCloseTimeout(Duration.ofSeconds(20)), server);
        Socket client = connect(relay);
        CompletableFuture<Throwable> upload =
                inBackground(() -> client.getOutputStream().write(new byte[all]));
        Await.untilUnchanged(() -> relay.counters().bytesIn(), Duration.ofMillis(500));
        long passed = relay.counters().bytesIn();
        reset(client);
        upload.get(10, TimeUnit.SECONDS);
        Thread.sleep(2000); // Until the reset is known, which is what might lose bytes.
        gone.complete(null);

        assertThat(received.get(20, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(passed);
        Await.until(() -> relay.counters().open() == 0);
    }

    /** Linux reports a hang-up of a socket that both sides have ended, as it does of one that was reset. */
    @Test
    void anUploadToAServerThatEndsFirstAndReadsLateEndsCleanly() throws Exception {
        CompletableFuture<Void> mayRead = new CompletableFuture<>();
        CompletableFuture<Long> received = new CompletableFuture<>();
        TcpPeer server = fixture.serving(socket -> {
            socket.shutdownOutput();
            mayRead.get(20, TimeUnit.SECONDS);
            try {
                received.complete(socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
            } catch (IOException cut) {
                received.completeExceptionally(cut);
            }
        });
        TcpRelay relay = start(to(server), server);
        try (Socket client = connect(relay)) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            long sent = sendUntilItIsStalled(client.getOutputStream());
            client.shutdownOutput();
            Thread.sleep(3000); // Longer than the relay takes to look for a reset.
            mayRead.complete(null);

            assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(sent);
        }
        Await.until(() -> relay.counters().open() == 0);
    }

    @Test
    void anAnswerToAClientThatEndsFirstAndReadsLateEndsCleanly() throws Exception {
        CompletableFuture<Long> sent = new CompletableFuture<>();
        TcpPeer server = fixture.serving(socket -> {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            sent.complete(sendUntilItIsStalled(socket.getOutputStream()));
        });
        TcpRelay relay = start(to(server), server);
        try (Socket client = connect(relay)) {
            client.shutdownOutput();
            long all = sent.get(20, TimeUnit.SECONDS);
            Thread.sleep(3000);

            assertThat(client.getInputStream().transferTo(OutputStream.nullOutputStream()))
                    .isEqualTo(all);
        }
        Await.until(() -> relay.counters().open() == 0);
    }

    /** Returns how many bytes were sent until some of them wait in the relay. */
    private long sendUntilItIsStalled(OutputStream to) throws Exception {
        byte[] some = new byte[32 * 1024];
        long sent = 0;
        while (fixture.context().loops().readBuffers().waiting() == 0) {
            to.write(some);
            sent += some.length;
            Thread.sleep(5); // What the kernel takes a little later is no stall.
        }
        return sent;
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

    /** What came, and what ended it: null is a clean end. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared as a whole.
    private record Received(byte[] bytes, @Nullable IOException end) {}

    private static Received receive(Socket socket) {
        return receiveSlowly(socket, 65536, 0);
    }

    private static Received receiveSlowly(Socket socket, int step, long pauseMillis) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            InputStream in = socket.getInputStream();
            byte[] some = new byte[step];
            for (int count = in.read(some); count >= 0; count = in.read(some)) {
                bytes.write(some, 0, count);
                Thread.sleep(pauseMillis);
            }
            return new Received(bytes.toByteArray(), null);
        } catch (IOException end) {
            return new Received(bytes.toByteArray(), end);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Task {
        void run() throws Exception;
    }

    /** Completes with what ended the task. */
    private static CompletableFuture<Throwable> inBackground(Task task) {
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                task.run();
                ended.complete(null);
            } catch (Exception e) {
                ended.complete(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return ended;
    }

    private static Forwards to(TcpPeer server) {
        return Forwards.tcp().listen("127.0.0.1", 0).toWsl(server.port());
    }

    private TcpRelay start(Forwards forward, TcpPeer server) throws Exception {
        return fixture.tcp(forward, TargetSource.fixed(server.address()));
    }
}
