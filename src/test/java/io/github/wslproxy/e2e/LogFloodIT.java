package io.github.wslproxy.e2e;

import static io.github.wslproxy.testing.Loopback.freePort;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What others do to the log of the packaged program. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs a POSIX shell")
class LogFloodIT {
    private static final int CONNECTS = 60_000;
    private static final int DATAGRAMS = 40_000;
    private static final int CLIENTS = 4;

    @TempDir
    Path folder;

    @Test
    void aHundredThousandRefusedClientsMakeLessThanOneMegabyteOfLog() throws Exception {
        int port = freePort();
        try (Program program = start(port, "['echo', '127.0.0.2']", "deny = [\"127.0.0.0/8\"]")) {
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(CompletableFuture.runAsync(() -> comeInVain(port, CONNECTS / CLIENTS)));
            }
            for (CompletableFuture<Void> client : clients) {
                client.get(55, TimeUnit.SECONDS);
            }
            sendInVain(port, DATAGRAMS);
            program.signal("TERM");
            assertThat(program.awaitEnd(Duration.ofSeconds(8))).isZero();
        }

        assertThat(log()).contains("tcp refused").contains("udp refused").contains("more of these in the last second");
        assertThat(Files.size(folder.resolve("wslproxy.log"))).isLessThan(1_000_000);
    }

    @Test
    void whatAProgramPrintsForgesNoLine() throws Exception {
        int port = freePort();
        String evil = "no address\\\\n2026-01-01 00:00:00.000 ERROR forged\\\\033[2J\\\\r\\\\007";
        try (Program program = start(port, "['sh', '-c', \"printf '" + evil + "'\"]", "")) {
            comeInVain(port, 1);
            program.signal("TERM");
            assertThat(program.awaitEnd(Duration.ofSeconds(8))).isZero();
            assertThat(program.out()).doesNotContain("\u001b", "\u0007").doesNotContainPattern("(?m)^2026-01-01");
        }

        assertThat(log()).contains("forged").doesNotContain("\u001b", "\u0007");
        assertThat(log().lines()).noneMatch(line -> line.startsWith("2026-01-01"));
    }

    private static void comeInVain(int port, int times) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try {
            for (int i = 0; i < times; i++) {
                try (SocketChannel client = SocketChannel.open(address)) {
                    assertThat(client.isConnected()).isTrue();
                } catch (SocketException resetAlready) {
                    // Which is what it came for.
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sendInVain(int port, int times) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (DatagramChannel client = DatagramChannel.open()) {
            ByteBuffer datagram = ByteBuffer.allocateDirect(1);
            for (int i = 0; i < times; i++) {
                client.send(datagram.clear(), address);
            }
        }
    }

    private Program start(int port, String command, String more) throws Exception {
        Path config = Files.writeString(folder.resolve("proxy.toml"), """
                [wsl]
                command = %s
                [log]
                file = "wslproxy.log"
                [status]
                listen = "off"
                [[forward]]
                name = "web"
                protocol = "tcp+udp"
                listen = "127.0.0.1:%d"
                target = "wsl:80"
                %s
                """.formatted(command, port, more));
        return new Program(folder, "--config", config.toString()).awaitStart();
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("wslproxy.log"));
    }
}
