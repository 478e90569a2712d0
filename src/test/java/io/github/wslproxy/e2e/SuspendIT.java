package io.github.wslproxy.e2e;

import static io.github.wslproxy.testing.Loopback.freePort;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.TcpPeer;
import io.github.wslproxy.testing.UdpPeer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The program is held for ten seconds, as a computer that sleeps holds it, and the VM has moved meanwhile. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs signals and many loopback addresses")
class SuspendIT {
    private static final Duration HELD = Duration.ofSeconds(10);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final String FIRST = "127.0.0.2";
    private static final String SECOND = "127.0.0.3";

    @TempDir
    Path folder;

    private final Deque<Closeable> peers = new ArrayDeque<>();

    @AfterEach
    void closePeers() throws IOException {
        for (Closeable peer : peers) {
            peer.close();
        }
    }

    @Test
    void linksAndSessionsGoOnAndNewOnesFindTheVmWhereItIsNow() throws Exception {
        TcpPeer web = use(TcpPeer.at(FIRST, socket -> greet(socket, FIRST)));
        use(TcpPeer.atPort(SECOND, web.port(), socket -> greet(socket, SECOND)));
        use(UdpPeer.echo(at(FIRST, web.port()), FIRST + " "));
        use(UdpPeer.echo(at(SECOND, web.port()), SECOND + " "));
        int port = freePort();
        vmIsAt(FIRST);
        try (Program program = start(port, web.port())) {
            Socket link = use(connect(port));
            UdpPeer session = use(UdpPeer.client(new InetSocketAddress(LOOPBACK, port)));
            assertThat(greeting(link)).isEqualTo(FIRST);
            assertThat(session.ask("before")).isEqualTo(FIRST + " before");

            program.signal("STOP");
            link.getOutputStream().write("during".getBytes(UTF_8));
            vmIsAt(SECOND);
            Thread.sleep(HELD.toMillis());
            program.signal("CONT");

            assertThat(link.getInputStream().readNBytes(6)).asString(UTF_8).isEqualTo("during");
            Await.until(() -> greetingOfNewLink(port).equals(SECOND));
            assertThat(session.ask("after")).isEqualTo(SECOND + " after");
            link.getOutputStream().write("still".getBytes(UTF_8));
            assertThat(link.getInputStream().readNBytes(5)).asString(UTF_8).isEqualTo("still");
            link.shutdownOutput();
            assertThat(link.getInputStream().read()).isEqualTo(-1);

            program.signal("TERM");
            assertThat(program.awaitEnd(Duration.ofSeconds(8))).isZero();
            assertThat(program.err()).doesNotContain("Exception");
        }
    }

    private <T extends Closeable> T use(T peer) {
        peers.push(peer);
        return peer;
    }

    private static void greet(Socket socket, String name) throws IOException {
        socket.getOutputStream().write(name.getBytes(UTF_8));
        TcpPeer.echo(socket);
    }

    private static String greetingOfNewLink(int port) throws IOException {
        try (Socket socket = connect(port)) {
            String greeting = greeting(socket);
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
            return greeting;
        } catch (SocketException refused) {
            return "refused";
        }
    }

    private static String greeting(Socket socket) throws IOException {
        return new String(socket.getInputStream().readNBytes(FIRST.length()), UTF_8);
    }

    private void vmIsAt(String address) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), address);
        Files.move(
                next, folder.resolve("address"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Program start(int port, int target) throws Exception {
        Path config =
                Files.writeString(folder.resolve("proxy.toml"), """
                [wsl]
                command = ["cat", "%s"]
                interval = "500ms"
                [status]
                listen = "off"
                [[forward]]
                name = "web"
                protocol = "tcp+udp"
                listen = "127.0.0.1:%d"
                target = "wsl:%d"
                """.formatted(folder.resolve("address"), port, target));
        return new Program(folder, "--config", config.toString()).awaitStart();
    }

    private static InetSocketAddress at(String address, int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByName(address), port);
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(LOOPBACK, port);
        socket.setSoTimeout(10_000);
        return socket;
    }
}
