package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.Forwards.block;
import static io.github.wslproxy.testing.Forwards.ip;
import static io.github.wslproxy.testing.Loopback.freePort;
import static io.github.wslproxy.testing.TcpClients.assertEchoes;
import static io.github.wslproxy.testing.TcpClients.assertRefused;
import static io.github.wslproxy.testing.TcpClients.connect;
import static io.github.wslproxy.testing.TcpClients.random;
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
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
            // The loop of the link counts the byte before it gives the buffer back.
            fixture.context()
                    .loops()
                    .gather(loop -> Stream.empty())
                    .toCompletableFuture()
                    .join();
            assertThat(fixture.context().loops().readBuffers().waiting()).isZero();
        }
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
}
