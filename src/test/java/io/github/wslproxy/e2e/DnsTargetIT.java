package io.github.wslproxy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A target given by name in the packaged program, whose Java reads names from a file of the test. */
class DnsTargetIT {
    @TempDir
    Path folder;

    private @Nullable Process process;

    @AfterEach
    void nothingIsLeftRunning() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }

    /** Java would repeat its first answer for thirty seconds, which is longer than this test waits. */
    @Test
    void aNameThatHasMovedIsFollowedSoonAfterItsOldServerIsGone() throws Exception {
        Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost\n127.0.0.2 moves.test\n");
        int port;
        int target;
        try (TcpPeer first = TcpPeer.at("127.0.0.2", socket -> say(socket, "first"))) {
            target = first.port();
            port = start(hosts, target);
            Await.until(() -> greeting(port).equals("first"));
            Files.writeString(hosts, "127.0.0.1 localhost\n127.0.0.3 moves.test\n");
        }

        try (TcpPeer second = TcpPeer.atPort("127.0.0.3", target, socket -> say(socket, "second"))) {
            Await.until(() -> greeting(port).equals("second"));
            assertThat(second.failures()).isEmpty();
        }
    }

    private int start(Path hosts, int target) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path config = Files.writeString(folder.resolve("proxy.toml"), """
                [wsl]
                address = "127.0.0.1"
                [status]
                listen = "off"
                [[forward]]
                listen = "127.0.0.1:%d"
                target = "moves.test:%d"
                """.formatted(port, target));
        ProcessBuilder builder = new ProcessBuilder(Program.LAUNCHER.toString(), "--config", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile());
        builder.environment().put("WSLPROXY_JAVA_OPTS", "-Djdk.net.hosts.file=" + hosts);
        process = builder.start();
        return port;
    }

    private static void say(Socket socket, String greeting) throws IOException {
        socket.getOutputStream().write(greeting.getBytes(UTF_8));
    }

    /** What the server says first; nothing if there is none. */
    private static String greeting(int port) throws Exception {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.setSoTimeout((int) TimeUnit.SECONDS.toMillis(10));
            return new String(client.getInputStream().readNBytes(6), UTF_8);
        } catch (IOException notServed) {
            return "";
        }
    }
}
