package io.github.wslproxy.e2e;

import static io.github.wslproxy.testing.Loopback.freePort;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.ManyPeers;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** As many idle links as one process may have descriptors for: what they cost, and that each still works. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
class IdleLinksIT {
    private static final int WANTED = 10_000;
    private static final int LEAST = 4_000;

    /** Each link takes two descriptors here, client and server, and two in the program. */
    private static final int DESCRIPTORS_FOR_THE_REST = 600;

    private static final Duration WATCHED = Duration.ofSeconds(3);

    @TempDir
    Path folder;

    @Test
    void thousandsOfIdleLinksAreCheapAndStillWork() throws Exception {
        int links = links();
        assertThat(links).as("links the descriptor limit permits").isGreaterThanOrEqualTo(LEAST);
        int port = freePort();
        List<SocketChannel> clients = new ArrayList<>();
        try (ManyPeers server = new ManyPeers();
                Program proxy = start(port, server.port())) {
            long before = residentKilobytes(proxy);
            for (int i = 0; i < links; i++) {
                clients.add(SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
                assertEcho(clients.get(i), (byte) i);
            }
            assertThat(server.open()).isEqualTo(links);
            assertThat((residentKilobytes(proxy) - before) / (double) links)
                    .as("kilobytes of memory a link")
                    .isLessThan(12);

            // At first Java may still compile what so many links have used.
            Await.until(() -> cpuWhileNothingMoves(proxy).compareTo(WATCHED.dividedBy(20)) < 0);

            for (int i = 0; i < links; i++) {
                assertEcho(clients.get(i), (byte) (i + 1));
            }
            for (SocketChannel client : clients) {
                client.close();
            }
            Await.until(() -> server.open() == 0);
        } finally {
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    private static int links() {
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return (int) Math.min(WANTED, (system.getMaxFileDescriptorCount() - DESCRIPTORS_FOR_THE_REST) / 2);
    }

    private Program start(int listen, int target) throws Exception {
        Path config = Files.writeString(folder.resolve("proxy.toml"), """
                [status]
                listen = "off"
                [[forward]]
                name = "web"
                listen = "127.0.0.1:%d"
                target = "127.0.0.1:%d"
                max_connections = %3$d
                max_connections_per_client = %3$d
                """.formatted(listen, target, WANTED));
        return new Program(folder, "--config", config.toString()).awaitStart();
    }

    private static void assertEcho(SocketChannel client, byte value) throws IOException {
        client.write(ByteBuffer.wrap(new byte[] {value}));
        ByteBuffer answer = ByteBuffer.allocate(1);
        assertThat(client.read(answer)).isOne();
        assertThat(answer.get(0)).isEqualTo(value);
    }

    private static long residentKilobytes(Program program) throws IOException {
        return Files.readAllLines(
                        Path.of("/proc", Long.toString(program.handle().pid()), "status"))
                .stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    private static Duration cpuWhileNothingMoves(Program program) throws InterruptedException {
        Duration before = cpu(program);
        Thread.sleep(WATCHED.toMillis());
        return cpu(program).minus(before);
    }

    private static Duration cpu(Program program) {
        return program.handle().info().totalCpuDuration().orElseThrow();
    }
}
