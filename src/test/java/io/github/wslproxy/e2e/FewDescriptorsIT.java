package io.github.wslproxy.e2e;

import static io.github.wslproxy.testing.Loopback.freePort;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every accept fails while the process has no file descriptor left: the program neither spins nor floods its log. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs ulimit")
class FewDescriptorsIT {
    /** The JVM and an idle wslproxy need about thirty. */
    private static final int DESCRIPTORS = 80;

    private static final Duration WATCHED = Duration.ofSeconds(3);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    Path folder;

    /**
     * A link takes two descriptors: with an odd number of free ones the last goes to a client, and there is none for
     * its target.
     *
     * @param more descriptors that the program inherits; how many it opens itself depends on Java and its libraries
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void acceptsThatFailAreTriedInTurnAndClientsGetThroughAgainWhenOthersHaveLeft(int more) throws Exception {
        try (TcpPeer server = TcpPeer.playing(socket -> {
            socket.getOutputStream().write('x');
            socket.getInputStream().read();
        })) {
            int port = freePort();
            Process proxy = start(port, server.port(), more);
            List<Socket> clients = new ArrayList<>();
            try {
                Await.until(() -> log().contains("is running"));
                for (int i = 0; i < DESCRIPTORS; i++) {
                    clients.add(new Socket(LOOPBACK, port));
                }
                Await.until(() -> log().contains("cannot accept clients"));
                long linesBefore = log().lines().count();
                Duration cpuBefore = cpu(proxy);
                Thread.sleep(WATCHED.toMillis());
                assertThat(log().lines().count() - linesBefore).isLessThan(60);
                assertThat(cpu(proxy).minus(cpuBefore)).isLessThan(WATCHED.dividedBy(2));
                for (Socket client : clients) {
                    client.close();
                }
                Await.until(() -> isServed(port));
            } finally {
                proxy.destroyForcibly().waitFor();
            }
        }
    }

    private Process start(int listen, int target, int more) throws Exception {
        Path config = Files.writeString(folder.resolve("proxy.toml"), """
                [status]
                listen = "off"
                [[forward]]
                listen = "127.0.0.1:%d"
                target = "127.0.0.1:%d"
                """.formatted(listen, target));
        String limited =
                (more == 0 ? "" : "exec 9</dev/null && ") + "ulimit -n " + DESCRIPTORS + " && exec \"$0\" \"$@\"";
        return new ProcessBuilder("sh", "-c", limited, Program.LAUNCHER.toString(), "--config", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    private static boolean isServed(int port) {
        try (Socket client = new Socket(LOOPBACK, port)) {
            client.setSoTimeout(1000);
            return client.getInputStream().read() == 'x';
        } catch (IOException notYet) {
            return false;
        }
    }

    private static Duration cpu(Process process) {
        return process.info().totalCpuDuration().orElseThrow();
    }

    private String log() throws Exception {
        return Files.readString(folder.resolve("log"));
    }
}
