package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.Forwards.ip;
import static io.github.wslproxy.testing.Loopback.freePort;
import static io.github.wslproxy.testing.Loopback.turnsAway;
import static io.github.wslproxy.testing.TcpClients.assertEchoes;
import static io.github.wslproxy.testing.TcpClients.random;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.ProxyProtocol;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.TcpPeer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a target reads in front of everything, where it is to be told who its client is. */
class TcpRelayProxyProtocolTest {
    private static final int MIB = 1 << 20;
    private static final byte[] SIGNATURE = HexFormat.of().parseHex("0D0A0D0A000D0A515549540A");

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();

    @Test
    void aLineNamesTheClientAndTheAddressItHasConnectedTo() throws Exception {
        TcpRelay relay = relay(ProxyProtocol.V1, "0.0.0.0", recording());
        try (Socket client = connect(relay, "127.0.0.5", "127.0.0.7")) {
            sendAndEnd(client, "GET / HTTP/1.1\r\n\r\n");

            assertThat(nextReceived())
                    .asString(US_ASCII)
                    .isEqualTo("PROXY TCP4 127.0.0.5 127.0.0.7 %d %d\r\nGET / HTTP/1.1\r\n\r\n"
                            .formatted(client.getLocalPort(), client.getPort()));
        }
    }

    @Test
    void aLineOfIpv6() throws Exception {
        TcpRelay relay = relay(ProxyProtocol.V1, "::1", recording());
        try (Socket client = connect(relay, "::1", "::1")) {
            sendAndEnd(client, "x");

            assertThat(nextReceived())
                    .asString(US_ASCII)
                    .isEqualTo("PROXY TCP6 ::1 ::1 %d %d\r\nx".formatted(client.getLocalPort(), client.getPort()));
        }
    }

    @Test
    void theBinaryFormOfIpv4() throws Exception {
        TcpRelay relay = relay(ProxyProtocol.V2, "0.0.0.0", recording());
        try (Socket client = connect(relay, "127.0.0.5", "127.0.0.7")) {
            sendAndEnd(client, "x");

            assertThat(nextReceived())
                    .isEqualTo(bytes(
                            SIGNATURE,
                            new byte[] {0x21, 0x11, 0, 12, 127, 0, 0, 5, 127, 0, 0, 7},
                            port(client.getLocalPort()),
                            port(client.getPort()),
                            new byte[] {'x'}));
        }
    }

    @Test
    void theBinaryFormOfIpv6() throws Exception {
        TcpRelay relay = relay(ProxyProtocol.V2, "::1", recording());
        try (Socket client = connect(relay, "::1", "::1")) {
            sendAndEnd(client, "x");

            byte[] loopback = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
            assertThat(nextReceived())
                    .isEqualTo(bytes(
                            SIGNATURE,
                            new byte[] {0x21, 0x21, 0, 36},
                            loopback,
                            loopback,
                            port(client.getLocalPort()),
                            port(client.getPort()),
                            new byte[] {'x'}));
        }
    }

    /** The kernel has ::ffff:127.0.0.5 for it there. */
    @Test
    void aClientOfIpv4IsOneAlsoWhereBothFamiliesAreListenedTo() throws Exception {
        TcpRelay relay = relay(ProxyProtocol.V1, "*", recording());
        try (Socket client = connect(relay, "127.0.0.5", "127.0.0.7")) {
            sendAndEnd(client, "");

            assertThat(nextReceived())
                    .asString(US_ASCII)
                    .isEqualTo("PROXY TCP4 127.0.0.5 127.0.0.7 %d %d\r\n"
                            .formatted(client.getLocalPort(), client.getPort()));
        }
    }

    @ParameterizedTest
    @EnumSource(ProxyProtocol.class)
    void aServerThatSpeaksFirstIsToldBeforeTheClientSaysAWord(ProxyProtocol form) throws Exception {
        TcpPeer ssh = fixture.serving(socket -> {
            socket.getInputStream().readNBytes(headerLength(form, socket));
            socket.getOutputStream().write("SSH-2.0-x\r\n".getBytes(US_ASCII));
            received.add(socket.getInputStream().readAllBytes());
        });
        try (Socket client = connect(relay(form, "127.0.0.1", ssh), "127.0.0.1", "127.0.0.1")) {
            assertThat(client.getInputStream().readNBytes(11))
                    .asString(US_ASCII)
                    .isEqualTo("SSH-2.0-x\r\n");
            sendAndEnd(client, "SSH-2.0-y\r\n");
            assertThat(nextReceived()).asString(US_ASCII).isEqualTo("SSH-2.0-y\r\n");
        }
    }

    @Test
    void aClientThatEndsWithoutAWordIsAnnouncedAndGetsItsAnswer() throws Exception {
        TcpPeer server = fixture.serving(socket -> {
            received.add(socket.getInputStream().readAllBytes());
            socket.getOutputStream().write("bye".getBytes(US_ASCII));
        });
        TcpRelay relay = relay(ProxyProtocol.V1, "127.0.0.1", server);
        try (Socket client = connect(relay, "127.0.0.1", "127.0.0.1")) {
            client.shutdownOutput();

            assertThat(nextReceived()).asString(US_ASCII).isEqualTo(lineOf(client));
            assertThat(client.getInputStream().readAllBytes())
                    .asString(US_ASCII)
                    .isEqualTo("bye");
        }
        Await.until(() -> relay.counters().open() == 0);
        assertThat(relay.counters().bytesIn()).isZero();
    }

    @Test
    void whatAClientHasSentWhileItWaitedComesWithTheHeaderInOnePiece() throws Exception {
        TcpPeer server = fixture.serving(socket -> {
            byte[] piece = new byte[MIB];
            int length = socket.getInputStream().read(piece);
            received.add(Arrays.copyOf(piece, length));
            received.add(socket.getInputStream().readAllBytes());
        });
        CurrentTarget vm = stoppedVm();
        TcpRelay relay = start(to(server).proxyProtocol(ProxyProtocol.V2), vm);
        try (Socket client = connect(relay, "127.0.0.1", "127.0.0.1")) {
            byte[] early = random(5000);
            client.getOutputStream().write(early);
            Await.until(() -> fixture.context().loops().readBuffers().waiting() >= early.length);
            vm.publish(new TargetState.Up(ip("127.0.0.1"), "test"));

            byte[] first = nextReceived();
            assertThat(first).startsWith(SIGNATURE).hasSize(28 + early.length);
            assertThat(Arrays.copyOfRange(first, 28, first.length)).isEqualTo(early);
            sendAndEnd(client, "late");
            assertThat(nextReceived()).asString(US_ASCII).isEqualTo("late");
        }
        assertThat(relay.counters().bytesIn()).isEqualTo(5004);
    }

    @Test
    void aClientThatHasEndedWhileItWaitedIsAnnouncedToo() throws Exception {
        TcpPeer echo = fixture.echo();
        CurrentTarget vm = stoppedVm();
        TcpRelay relay = start(to(echo).proxyProtocol(ProxyProtocol.V1), vm);
        try (Socket client = connect(relay, "127.0.0.1", "127.0.0.1")) {
            client.shutdownOutput();
            Await.until(() -> relay.connectQueue().waiting() == 1);
            vm.publish(new TargetState.Up(ip("127.0.0.1"), "test"));

            assertThat(client.getInputStream().readAllBytes())
                    .asString(US_ASCII)
                    .isEqualTo(lineOf(client));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ProxyProtocol.class,
            names = {"V1", "V2"})
    void aTargetThatClosesOrResetsAtOnceLeavesNothingBehind(ProxyProtocol form) throws Exception {
        Random random = new Random(5);
        TcpPeer server = fixture.serving(socket -> {
            if (random.nextBoolean()) {
                socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        });
        TcpRelay relay = relay(form, "127.0.0.1", server);
        for (int i = 0; i < 200; i++) {
            assertThat(turnsAway(RelayFixture.bound(relay).get(0).getPort())).isTrue();
        }
        Await.until(() -> relay.counters().open() == 0);
        // A target that is quick is gone before its connection counts as one.
        assertThat(relay.counters().accepted() + relay.counters().refused()).isEqualTo(200);
        assertThat(fixture.context().loops().readBuffers().waiting()).isZero();
    }

    @Test
    void theCountersHaveTheBytesOfTheClientOnlyAndAllOfThemArrive() throws Exception {
        byte[] all = random(10 * MIB);
        TcpRelay relay = relay(ProxyProtocol.V2, "127.0.0.1", recording());
        try (Socket client = connect(relay, "127.0.0.1", "127.0.0.1")) {
            client.getOutputStream().write(all);
            client.shutdownOutput();
            byte[] whole = nextReceived();
            assertThat(Arrays.copyOfRange(whole, 28, whole.length)).isEqualTo(all);
        }
        assertThat(relay.counters().bytesIn()).isEqualTo(all.length);
        assertThat(relay.counters().bytesOut()).isZero();
    }

    @Test
    void anEditIsForTheLinksToCome() throws Exception {
        TcpPeer echo = fixture.echo();
        TargetSource source = TargetSource.fixed(ip("127.0.0.1"));
        int port = freePort();
        Forwards forward = Forwards.tcp().listen("127.0.0.1", port).toWsl(echo.port());
        TcpRelay relay = start(forward, source);
        try (Socket before = connect(relay, "127.0.0.1", "127.0.0.1")) {
            assertEchoes(before);

            change(relay, forward.proxyProtocol(ProxyProtocol.V1).named("x"), source);
            assertEchoes(before);
            try (Socket with = connect(relay, "127.0.0.1", "127.0.0.1")) {
                String line = lineOf(with);
                assertThat(with.getInputStream().readNBytes(line.length()))
                        .asString(US_ASCII)
                        .isEqualTo(line);

                change(relay, forward.proxyProtocol(ProxyProtocol.OFF).named("x"), source);
                assertEchoes(with);
                try (Socket after = connect(relay, "127.0.0.1", "127.0.0.1")) {
                    assertEchoes(after);
                }
            }
        }
    }

    private static void change(TcpRelay relay, Forward next, TargetSource source) throws Exception {
        relay.change(next, source).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** Keeps what each of its connections has brought to the end. */
    private TcpPeer recording() throws IOException {
        return fixture.serving(socket -> received.add(socket.getInputStream().readAllBytes()));
    }

    private byte[] nextReceived() throws InterruptedException {
        byte[] next = received.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came");
        }
        return next;
    }

    private TcpRelay relay(ProxyProtocol form, String listen, TcpPeer server) throws Exception {
        Forwards forward = Forwards.tcp().listen(listen, 0).toWsl(server.port()).proxyProtocol(form);
        return start(forward, TargetSource.fixed(server.address()));
    }

    private static Forwards to(TcpPeer server) {
        return Forwards.tcp().listen("127.0.0.1", 0).toWsl(server.port());
    }

    private TcpRelay start(Forwards forward, TargetSource source) throws Exception {
        return fixture.tcp(forward, source);
    }

    private static CurrentTarget stoppedVm() {
        CurrentTarget vm = new CurrentTarget(Clock.systemUTC(), new TargetState.Down("Ubuntu is not running"));
        vm.whileStopped(Duration.ofSeconds(30), () -> {});
        return vm;
    }

    private static Socket connect(TcpRelay relay, String from, String to) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(20_000);
        socket.bind(new InetSocketAddress(ip(from), 0));
        socket.connect(
                new InetSocketAddress(ip(to), RelayFixture.bound(relay).get(0).getPort()));
        return socket;
    }

    private static void sendAndEnd(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(US_ASCII));
        client.shutdownOutput();
    }

    private static String lineOf(Socket client) {
        return "PROXY TCP4 127.0.0.1 127.0.0.1 %d %d\r\n".formatted(client.getLocalPort(), client.getPort());
    }

    /** Of a line the ports vary in length: it is read byte by byte, up to its end. */
    private static int headerLength(ProxyProtocol form, Socket socket) throws IOException {
        if (form == ProxyProtocol.V1) {
            while (socket.getInputStream().read() != '\n') {
                // The rest of the line.
            }
        }
        return form == ProxyProtocol.V2 ? 28 : 0;
    }

    private static byte[] port(int port) {
        return ByteBuffer.allocate(2).putShort((short) port).array();
    }

    private static byte[] bytes(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
