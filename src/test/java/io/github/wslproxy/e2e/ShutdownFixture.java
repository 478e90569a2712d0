package io.github.wslproxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.UdpPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program with forwards to a pretend VM, and the ways to tell it to stop. */
abstract class ShutdownFixture {
    static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    static final String VM = "127.0.0.2";
    static final Duration GRACE_AND_CLOSING = Duration.ofSeconds(9);
    static final Duration SOON = Duration.ofSeconds(4);
    static final int MANY = 1000;

    @TempDir
    Path folder;

    static boolean answersNewcomer(int udp) throws Exception {
        try (UdpPeer late = UdpPeer.client(new InetSocketAddress(LOOPBACK, udp))) {
            late.send("too late");
            return late.receive(Duration.ofMillis(300)).isPresent();
        }
    }

    int endOf(Program program) {
        try {
            return program.awaitEnd(GRACE_AND_CLOSING);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    void tellToStop(Program program, String how) throws Exception {
        if (how.equals("stop")) {
            new ProcessBuilder(Program.command("stop", "--config", config().toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("stop").toFile())
                    .start();
        } else {
            program.signal(how);
        }
    }

    Path config() {
        return folder.resolve("proxy.toml");
    }

    Path write(String config) throws IOException {
        return Files.writeString(
                config(), config.contains("[status]") ? config : "[status]\nlisten = 'off'\n" + config);
    }

    Program start(String config) throws Exception {
        Program program = new Program(folder, "--config", write(config).toString());
        Await.until(() -> program.out().contains("is running") || !program.isAlive());
        assertThat(program.isAlive()).as(program.err()).isTrue();
        return program;
    }

    /** What the last one left is in nobody's way. */
    void startsAgain(String config) throws Exception {
        try (Program again = start(config)) {
            again.signal("TERM");
            assertThat(again.awaitEnd(SOON)).isZero();
        }
    }

    String log() throws IOException {
        Path log = folder.resolve("the.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    String probe(String script) {
        return "[wsl]\ninterval = '1s'\ncommand = ['sh', '-c', 'cd " + folder + " && " + script + "']\n";
    }

    static String forward(String name, String protocol, int port, int target) {
        return "[[forward]]\nname = '%s'\nprotocol = '%s'\nlisten = '127.0.0.1:%d'\ntarget = '127.0.0.1:%d'\n"
                .formatted(name, protocol, port, target);
    }

    static String limits(String forward) {
        return forward + "max_connections = 2000\nmax_connections_per_client = 2000\nmax_sessions = 2000\n"
                + "max_sessions_per_client = 2000\n";
    }

    static String unmistakable(int number) {
        return Long.toString(number * 10_000_000L + ProcessHandle.current().pid());
    }

    static void assertEcho(SocketChannel link, int value) throws IOException {
        link.write(ByteBuffer.wrap(new byte[] {(byte) value}));
        ByteBuffer answer = ByteBuffer.allocate(1);
        assertThat(link.read(answer)).isOne();
        assertThat(answer.get(0)).isEqualTo((byte) value);
    }

    static void assertEcho(DatagramChannel session, int value) throws IOException {
        session.write(ByteBuffer.wrap(new byte[] {(byte) value}));
        ByteBuffer answer = ByteBuffer.allocate(1);
        assertThat(session.read(answer)).isOne();
        assertThat(answer.get(0)).isEqualTo((byte) value);
    }

    /** Asks all processes, since what outlives the program is no longer its child. */
    static boolean sleeps(String seconds) {
        return ProcessHandle.allProcesses()
                .anyMatch(process -> process.info().commandLine().orElse("").endsWith("sleep " + seconds));
    }
}
