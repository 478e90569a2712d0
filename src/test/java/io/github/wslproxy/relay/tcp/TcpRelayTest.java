package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.TcpClients.connect;
import static io.github.wslproxy.testing.TcpClients.reset;
import static io.github.wslproxy.testing.TcpClients.assertEchoes;
import static io.github.wslproxy.testing.TcpClients.assertReset;
import static io.github.wslproxy.testing.TcpClients.assertRefused;
import static io.github.wslproxy.testing.Forwards.block;
import static io.github.wslproxy.testing.Forwards.ip;
import static io.github.wslproxy.testing.Loopback.freePort;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.relay.ListenerStatus;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.BlackHole;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TcpRelayTest {
    private static final int MIB = 1 << 20;

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    @Test
    void bytesTravelBothWays() throws Exception {
        try (Socket client = connect(relayTo(TcpPeer.playing(TcpPeer::echo)))) {
            client.getOutputStream().write("hello".getBytes(UTF_8));
            assertThat(client.getInputStream().readNBytes(5)).asString(UTF_8).isEqualTo("hello");
        }
    }

    @Test
    void theServerMaySpeakFirst() throws Exception {
        TcpPeer ssh = TcpPeer.playing(socket -> {
            socket.getOutputStream().write("SSH-2.0-x\r\n".getBytes(UTF_8));
            socket.getInputStream().read();
        });
        try (Socket client = connect(relayTo(ssh))) {
            assertThat(client.getInputStream().readNBytes(11)).asString(UTF_8).isEqualTo("SSH-2.0-x\r\n");
        }
    }

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
    void sixtyFourMebibytesEachWayAtOnceArriveUnchanged() throws Exception {
        TcpPeer server = TcpPeer.playing(TcpPeer::echo);
        try (Socket client = connect(relayTo(server))) {
            byte[] block = random(MIB);
            CompletableFuture<byte[]> sent = CompletableFuture.supplyAsync(() -> sendBlocks(client, block, 64));
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            long received =
                    new DigestInputStream(client.getInputStream(), digest).transferTo(OutputStream.nullOutputStream());
            assertThat(received).isEqualTo(64L * MIB);
            assertThat(digest.digest()).isEqualTo(sent.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void aSlowReaderStopsTheSenderAndMemoryStaysBounded() throws Exception {
        TcpPeer server = TcpPeer.playing(socket -> socket.getOutputStream().write(new byte[64 * MIB]));
        TcpRelay relay = relayTo(server);
        try (Socket client = connect(relay)) {
            Await.untilUnchanged(() -> relay.counters().bytesOut(), Duration.ofMillis(300));
            assertThat(relay.counters().bytesOut()).isLessThan(48L * MIB);
            assertThat(fixture.context().loops().readBuffers().waiting()).isBetween(1L, (long) MIB);
            assertThat(client.getInputStream().readNBytes(64 * MIB)).hasSize(64 * MIB);
        }
        Await.until(() -> fixture.context().loops().readBuffers().waiting() == 0);
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

    @Test
    void aHalfClosedLinkHoldsNoReadBuffer() throws Exception {
        TcpPeer server = TcpPeer.playing(socket -> {
            socket.getInputStream().readAllBytes();
            new CompletableFuture<>().get(); // Silent for ever.
        });
        TcpRelay relay = relayTo(server);
        try (Socket client = connect(relay)) {
            client.getOutputStream().write(1);
            client.shutdownOutput();
            server.nextAccepted();
            Await.until(() -> relay.counters().bytesIn() == 1);
            fixture.context().loops().group().next().submit(() -> {}).sync();
            assertThat(fixture.context().loops().readBuffers().waiting()).isZero();
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
    void manyClientsGetTheirOwnBytes() throws Exception {
        TcpRelay relay = relayTo(TcpPeer.playing(TcpPeer::echo));
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Socket client = fixture.use(connect(relay));
            client.getOutputStream().write(("client " + i + "\n").getBytes(UTF_8));
            clients.add(client);
        }
        for (int i = 0; i < clients.size(); i++) {
            byte[] expected = ("client " + i + "\n").getBytes(UTF_8);
            assertThat(clients.get(i).getInputStream().readNBytes(expected.length))
                    .isEqualTo(expected);
        }
        assertThat(relay.counters().open()).isEqualTo(200);
    }

    @Test
    void aRefusingTargetResetsTheClientAndIsSuspected() throws Exception {
        int closedPort = freePort();
        FakeTargetSource source = FakeTargetSource.at(ip("127.0.0.1"));
        TcpRelay relay = fixture.tcp(everywhere().toWsl(closedPort), source);
        assertRefused(relay);
        assertThat(source.failures()).isPositive();
        assertThat(relay.counters().refused()).isEqualTo(1);
        assertThat(relay.counters().lastError()).hasValueSatisfying(error -> assertThat(error.text())
                .contains("cannot connect to 127.0.0.1:" + closedPort));
    }

    @Test
    void aBlackHoledTargetResetsTheClientAtTheConnectDeadline() throws Exception {
        try (BlackHole full = new BlackHole(ip("127.0.0.1"))) {
            TcpRelay relay = fixture.tcp(
                    everywhere().toWsl(full.port()).connectTimeout(Duration.ofMillis(300)),
                    TargetSource.fixed(ip("127.0.0.1")));
            assertRefused(relay);
            assertThat(relay.counters().open()).isZero();
        }
    }

    @Test
    void aClientThatLeavesDuringTheConnectLeavesNothingBehind() throws Exception {
        try (BlackHole full = new BlackHole(ip("127.0.0.1"))) {
            TcpRelay relay = fixture.tcp(
                    everywhere().toWsl(full.port()).connectTimeout(Duration.ofMillis(500)),
                    TargetSource.fixed(ip("127.0.0.1")));
            connect(relay).close();
            Await.until(() -> relay.counters().refused() == 1);
            Await.until(() -> relay.counters().open() == 0);
        }
    }

    @Test
    void aClientIsRefusedAtOnceWhileTheVmIsDown() throws Exception {
        TcpRelay relay = fixture.tcp(everywhere().toWsl(80), () -> new TargetState.Down("not running"));
        assertRefused(relay, "not running");
    }

    @Test
    void newLinksFollowTheTargetAndOldOnesStay() throws Exception {
        TcpPeer first = fixture.use(TcpPeer.at("127.0.0.2", TcpPeer::echo));
        TcpPeer second = fixture.use(TcpPeer.atPort("127.0.0.3", first.port(), TcpPeer::echo));
        FakeTargetSource source = FakeTargetSource.at(first.address());
        TcpRelay relay = fixture.tcp(everywhere().toWsl(first.port()), source);
        try (Socket before = connect(relay)) {
            assertEchoes(before);
            source.publish(second.address());
            try (Socket after = connect(relay)) {
                assertEchoes(after);
                assertThat(second.nextAccepted().isConnected()).isTrue();
            }
            assertEchoes(before);
        }
    }

    @Test
    void aClientThatIsNotAllowedIsReset() throws Exception {
        TcpPeer server = fixture.echo();
        TcpRelay relay =
                fixture.tcp(everywhere().access(List.of(block("0.0.0.0", 0)), List.of(block("127.0.0.1", 32))), server);
        assertRefused(relay);
        assertThat(relay.counters().lastError())
                .hasValueSatisfying(error -> assertThat(error.text()).isEqualTo("127.0.0.1 is in deny of \"x\""));
    }

    @Test
    void programsOfThisComputerAreNotCountedOneByOne() throws Exception {
        TcpPeer server = fixture.echo();
        TcpRelay relay = fixture.tcp(everywhere().limits(100, 2), server);
        for (int i = 0; i < 10; i++) {
            fixture.use(connect(relay));
        }
        Await.until(() -> relay.counters().accepted() == 10);
        assertThat(relay.counters().refused()).isZero();
    }

    @ParameterizedTest(name = "{0} in all, {1} for a client")
    @CsvSource({"2, 100, max_connections", "2, 1, max_connections"})
    void beyondACapClientsAreResetAndASlotComesBackWithTheEnd(int all, int perClient, String limit) throws Exception {
        TcpPeer server = fixture.echo();
        TcpRelay relay = fixture.tcp(everywhere().limits(all, perClient), server);
        Socket first = fixture.use(connect(relay));
        Socket second = fixture.use(connect(relay));
        Await.until(() -> relay.counters().accepted() == 2);
        assertRefused(relay, limit + " = 2 of \"x\"");
        first.close();
        Await.until(() -> relay.counters().open() == 1);
        assertThat(echoesThrough(relay, "127.0.0.1")).isTrue();
        assertEchoes(second);
    }

    @ParameterizedTest(name = "target {0}")
    @CsvSource({"127.0.0.1", "127.9.9.9", "::1", "0.0.0.0"})
    void aForwardThatWouldConnectToItselfRefuses(String target) throws Exception {
        int port = freePort();
        TcpRelay relay = fixture.tcp(Forwards.tcp().listen("*", port).toWsl(port), TargetSource.fixed(ip(target)));
        assertRefused(relay);
        assertThat(relay.counters().refused()).isEqualTo(1);
        assertThat(relay.counters().lastError())
                .hasValueSatisfying(error -> assertThat(error.text()).contains("is wslproxy itself"));
    }

    @Test
    void twoForwardsThatLeadToEachOtherRefuse() throws Exception {
        int one = freePort();
        int other = freePort();
        TargetSource here = TargetSource.fixed(ip("127.0.0.1"));
        TcpRelay first = fixture.start(
                new TcpRelay(Forwards.tcp().listen("*", one).toWsl(other).named("a"), here, fixture.context()));
        TcpRelay second = fixture.start(
                new TcpRelay(Forwards.tcp().listen("*", other).toWsl(one).named("b"), here, fixture.context()));
        assertRefused(first);
        assertRefused(second);
    }

    @Test
    void aForwardMayLeadThroughAnother() throws Exception {
        TcpPeer server = fixture.echo();
        TcpRelay inner = relayTo(server);
        TcpRelay outer = fixture.start(new TcpRelay(
                everywhere().toWsl(RelayFixture.bound(inner).get(0).getPort()).named("outer"),
                TargetSource.fixed(ip("127.0.0.1")),
                fixture.context()));
        assertThat(echoesThrough(outer, "127.0.0.1")).isTrue();
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

    @Test
    void stopClosesListenersAtOnceLetsLinksFinishAndThenCutsThemOff() throws Exception {
        TcpPeer server = fixture.echo();
        TcpRelay relay = relayTo(server);
        InetSocketAddress where = RelayFixture.bound(relay).get(0);
        Socket finishing = fixture.use(connect(relay));
        Socket staying = fixture.use(connect(relay));
        Await.until(() -> relay.counters().accepted() == 2);
        CompletableFuture<Void> stopped = relay.stop(Duration.ofSeconds(2)).toCompletableFuture();
        Await.until(() -> relay.listeners().stream().noneMatch(ListenerStatus.Listening.class::isInstance));
        assertThatThrownBy(() -> new Socket(ip("127.0.0.1"), where.getPort()).close())
                .isInstanceOf(SocketException.class);
        assertEchoes(finishing);
        finishing.shutdownOutput();
        assertThat(finishing.getInputStream().read()).isEqualTo(-1);
        assertThat(stopped).isNotDone();
        stopped.get(10, TimeUnit.SECONDS);
        assertThatThrownBy(() -> staying.getInputStream().read()).isInstanceOf(SocketException.class);
    }

    private TcpRelay relayTo(TcpPeer server) throws Exception {
        fixture.use(server);
        return fixture.tcp(everywhere(), server);
    }

    private static Forwards everywhere() {
        return Forwards.tcp().listen("*", 0);
    }

    private static boolean echoesThrough(TcpRelay relay, String address) throws IOException {
        try (Socket client =
                new Socket(ip(address), RelayFixture.bound(relay).get(0).getPort())) {
            client.setSoTimeout(10_000);
            client.getOutputStream().write('x');
            return client.getInputStream().read() == 'x';
        }
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

    private static byte[] sendBlocks(Socket socket, byte[] block, int times) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (int i = 0; i < times; i++) {
                socket.getOutputStream().write(block);
                digest.update(block);
            }
            socket.shutdownOutput();
            return digest.digest();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(7).nextBytes(bytes);
        return bytes;
    }
}
