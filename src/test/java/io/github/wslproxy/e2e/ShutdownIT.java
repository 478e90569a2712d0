package io.github.wslproxy.e2e;

import static io.github.wslproxy.testing.Loopback.freePort;
import static io.github.wslproxy.testing.Loopback.isGone;
import static io.github.wslproxy.testing.Loopback.listens;
import static io.github.wslproxy.testing.Loopback.openLink;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.ManyPeers;
import io.github.wslproxy.testing.TcpPeer;
import io.github.wslproxy.testing.UdpPeer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the packaged program ends while connections and sessions are open. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs POSIX signals and many loopback addresses")
class ShutdownIT extends ShutdownFixture {
    // ---- with much that is open

    /** Of the links a third ends by itself, a third goes on moving bytes, and a third does nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP", "stop"})
    void aThousandLinksAndAThousandSessionsGetTheirFiveSecondsAndNoMore(String how) throws Exception {
        int tcp = freePort();
        int udp = freePort();
        List<SocketChannel> links = new ArrayList<>();
        List<DatagramChannel> sessions = new ArrayList<>();
        try (ManyPeers server = new ManyPeers();
                UdpPeer udpServer = UdpPeer.echo(UdpPeer.anyPort(LOOPBACK), "");
                Program program = start(limits(forward("web", "tcp", tcp, server.port()))
                        + limits(forward("dns", "udp", udp, udpServer.address().getPort())))) {
            for (int i = 0; i < MANY; i++) {
                links.add(SocketChannel.open(new InetSocketAddress(LOOPBACK, tcp)));
                sessions.add(DatagramChannel.open().connect(new InetSocketAddress(LOOPBACK, udp)));
                assertEcho(links.get(i), i);
                assertEcho(sessions.get(i), i);
            }

            long began = System.nanoTime();
            tellToStop(program, how);
            Await.until(() -> !listens(tcp));
            Await.until(() -> !answersNewcomer(udp));
            while (Duration.ofNanos(System.nanoTime() - began).compareTo(Duration.ofMillis(3500)) < 0) {
                for (int i = 0; i < MANY; i += 3) {
                    assertEcho(links.get(i), i);
                }
            }
            assertThat(program.isAlive()).isTrue();
            for (int i = 1; i < MANY; i += 3) {
                assertEcho(links.get(i), i);
                links.get(i).shutdownOutput();
                assertThat(links.get(i).read(ByteBuffer.allocate(1)))
                        .as("a clean end")
                        .isEqualTo(-1);
            }

            assertThat(program.awaitEnd(GRACE_AND_CLOSING)).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(4));
            assertThat(isGone(links.get(0).socket())).isTrue();
            assertThat(program.err()).doesNotContain("\tat ", "Exception", "ERROR");
            assertThat(program.out())
                    .containsPattern(
                            "stopping( \\(wslproxy stop\\))?; \\d+ open connections and sessions have up to 5s");
            assertThat(program.handle().descendants()).isEmpty();
            Await.until(() -> server.open() == 0);
        } finally {
            for (SocketChannel link : links) {
                link.close();
            }
            for (DatagramChannel session : sessions) {
                session.close();
            }
        }
        startsAgain(forward("web", "tcp", tcp, 9));
    }

    @Test
    void itEndsAsSoonAsTheLastOfAThousandLinksHas() throws Exception {
        int tcp = freePort();
        List<SocketChannel> links = new ArrayList<>();
        try (ManyPeers server = new ManyPeers();
                Program program = start(limits(forward("web", "tcp", tcp, server.port())))) {
            for (int i = 0; i < MANY; i++) {
                links.add(SocketChannel.open(new InetSocketAddress(LOOPBACK, tcp)));
                assertEcho(links.get(i), i);
            }
            program.signal("TERM");
            Await.until(() -> !listens(tcp));
            for (SocketChannel link : links) {
                assertEcho(link, 1);
                link.shutdownOutput();
                assertThat(link.read(ByteBuffer.allocate(1))).as("a clean end").isEqualTo(-1);
            }

            assertThat(program.awaitEnd(SOON)).isZero();
        } finally {
            for (SocketChannel link : links) {
                link.close();
            }
        }
    }

    @Test
    void aSecondSignalEndsItNowAlsoWithAThousandLinksAndAProbeThatHangs() throws Exception {
        int tcp = freePort();
        String unmistakable = unmistakable(1);
        List<SocketChannel> links = new ArrayList<>();
        try (ManyPeers server = new ManyPeers()) {
            Files.writeString(folder.resolve("address"), "127.0.0.1");
            try (Program program =
                    start(probe("if [ -s address ]; then cat address; else sleep " + unmistakable + "; fi")
                            + limits(forward("web", "tcp", tcp, server.port()))
                                    .replace("127.0.0.1:" + server.port(), "wsl:" + server.port()))) {
                for (int i = 0; i < MANY; i++) {
                    links.add(SocketChannel.open(new InetSocketAddress(LOOPBACK, tcp)));
                    assertEcho(links.get(i), i);
                }
                Files.writeString(folder.resolve("address"), "");
                Await.until(() -> sleeps(unmistakable));

                program.signal("TERM");
                Await.until(() -> !listens(tcp));
                program.signal("TERM");

                assertThat(program.awaitEnd(Duration.ofSeconds(2))).isEqualTo(143);
                assertThat(program.err()).doesNotContain("\tat ", "Exception");
                Await.until(() -> !sleeps(unmistakable));
                for (SocketChannel link : links) {
                    assertThatThrownBy(() -> link.read(ByteBuffer.allocate(1)))
                            .as("a reset, which nobody takes for the end of a download")
                            .isInstanceOf(IOException.class);
                }
            }
        } finally {
            for (SocketChannel link : links) {
                link.close();
            }
        }
        startsAgain(forward("web", "tcp", tcp, 9));
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130", "HUP, 129"})
    void aSecondSignalTellsWhichItWas(String signal, int status) throws Exception {
        int tcp = freePort();
        try (TcpPeer echo = TcpPeer.playing(TcpPeer::echo);
                Program program = start(forward("web", "tcp", tcp, echo.port()));
                Socket link = openLink(tcp)) {
            program.signal("TERM");
            Await.until(() -> !listens(tcp));
            program.signal(signal);

            assertThat(program.awaitEnd(SOON)).isEqualTo(status);
            assertThat(isGone(link)).isTrue();
        }
    }
}
