package io.github.wslproxy.e2e;

import static io.github.wslproxy.testing.Loopback.freePort;
import static io.github.wslproxy.testing.Loopback.isGone;
import static io.github.wslproxy.testing.Loopback.listens;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.ManyPeers;
import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The packaged program when Java cannot go on, or a part of it fails beyond repair: it says so in one line and ends
 * with a failure, so that it can be started again. A part is made to fail by a class that is missing when it is first
 * needed, as after a program folder that was replaced while it ran.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "starts the program through its POSIX launcher")
class CrashIT {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    Path folder;

    private TcpPeer echo;
    private int port;
    private Process process;

    @BeforeEach
    void begin() throws IOException {
        echo = TcpPeer.playing(TcpPeer::echo);
        port = freePort();
    }

    @AfterEach
    void end() throws IOException {
        echo.close();
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
        }
    }

    // ---- memory

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHeapThatIsFullEndsItAtOnceInOneLineAndTheNextStartTellsOfIt(boolean background) throws Exception {
        try (ManyPeers server = new ManyPeers()) {
            write(forward(server.port()) + "max_connections = 50000\nmax_connections_per_client = 50000\n");
            start(Program.LAUNCHER, "-Xms8m -Xmx8m", background);
            List<SocketChannel> links = new ArrayList<>();
            try {
                while (process.isAlive() && links.size() < 8000) {
                    links.add(SocketChannel.open(new InetSocketAddress(LOOPBACK, port)));
                }
            } catch (IOException ended) {
                assertThat(links).hasSizeGreaterThan(100);
            } finally {
                for (SocketChannel link : links) {
                    link.close();
                }
            }
            assertThat(awaitEnd()).isEqualTo(3);
            assertThat(out().lines().filter(line -> line.contains("OutOfMemoryError")))
                    .containsExactly("Terminating due to java.lang.OutOfMemoryError: Java heap space");
            assertThat(err()).doesNotContain("\tat ");
        }
        long pid = process.pid();

        write(forward(echo.port()));
        start(Program.LAUNCHER, "", background);

        Await.until(() -> said().contains("the previous run (pid " + pid + ") did not exit cleanly"));
        assertEcho();
    }

    @Test
    void buffersThatAreUsedUpCostLinksAndNotTheProgram() throws Exception {
        write("[log]\nlevel = 'info'\n" + forward(echo.port()));
        start(Program.LAUNCHER, "-XX:MaxDirectMemorySize=1900k", false);

        int served = 0;
        for (int i = 0; i < 40; i++) {
            try (Socket client = new Socket(LOOPBACK, port)) {
                client.setSoTimeout(10_000);
                client.getOutputStream().write(1);
                served += client.getInputStream().read() == 1 ? 1 : 0;
            } catch (SocketException reset) {
                // One of the event loops has no buffer.
            }
        }

        assertThat(process.isAlive()).isTrue();
        assertThat(served).isBetween(1, 39);
        assertThat(said()).containsPattern("of direct (buffer )?memory").doesNotContain("\tat ");
    }

    // ---- parts

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEventLoopThatCannotGoOnEndsIt(boolean background) throws Exception {
        write(forward(echo.port()));
        start(without("relay/tcp/TcpLink"), "", background);

        try (Socket client = new Socket(LOOPBACK, port)) {
            assertThat(isGone(client)).isTrue();
        }

        assertEndedByA("wslproxy-loop-");
    }

    @Test
    void aUdpSessionThatCannotBeMadeEndsItToo() throws Exception {
        write(forward(echo.port()) + "protocol = 'tcp+udp'\n");
        start(without("relay/udp/HeldDatagrams"), "", false);

        try (DatagramSocket client = new DatagramSocket()) {
            client.send(new DatagramPacket(new byte[1], 1, LOOPBACK, port));
        }

        assertEndedByA("wslproxy-loop-");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWatcherThatCannotGoOnEndsIt(boolean background) throws Exception {
        Files.writeString(folder.resolve("address"), "127.0.0.1");
        write("[wsl]\ninterval = '1s'\ncommand = ['cat', '" + folder.resolve("address") + "']\n"
                + forward(echo.port()).replace("127.0.0.1:" + echo.port(), "wsl:" + echo.port()));
        start(without("wsl/ProbeFailure$Kind"), "", background);
        assertEcho();

        Files.delete(folder.resolve("address"));

        assertEndedByA("wslproxy-watcher");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aReloadThatCannotGoOnEndsItAndLinksGetTheirFiveSeconds(boolean background) throws Exception {
        write(forward(echo.port()));
        start(without("app/ReloadPlan"), "", background);
        try (Socket client = new Socket(LOOPBACK, port)) {
            client.setSoTimeout(10_000);
            write(forward(echo.port()) + "max_connections = 7\n");
            Await.until(() -> !listens(port));

            client.getOutputStream().write(1);
            assertThat(client.getInputStream().read()).isOne();
            assertThat(process.isAlive()).isTrue();
        }

        assertEndedByA("wslproxy-reload");
    }

    /** As one is in which text is being marked; here a pipe that is full and nobody reads. */
    @Test
    void aConsoleThatStandsStillHoldsTheEndUpForSomeSecondsOnly() throws Exception {
        write(forward(echo.port()));
        process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "head -c 65536 /dev/zero >&2; exec \"$0\" \"$@\"",
                        without("relay/tcp/TcpLink").toString(),
                        "--config",
                        folder.resolve("proxy.toml").toString())
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        Await.until(() -> !process.isAlive() || out().contains("is running"));

        try (Socket client = new Socket(LOOPBACK, port)) {
            assertThat(client.isConnected()).isTrue();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isOne();
        }
    }

    @Test
    void aDiskThatIsFullCostsTheLogAndNothingElse() throws Exception {
        write("[log]\nfile = '/dev/full'\n" + forward(echo.port()));
        process = new ProcessBuilder(
                        Program.LAUNCHER.toString(),
                        "--config",
                        folder.resolve("proxy.toml").toString())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        Await.until(() -> !process.isAlive() || out().contains("is running"));

        for (int i = 0; i < 50; i++) {
            assertEcho();
        }

        process.destroy();
        assertThat(awaitEnd()).isZero();
        assertThat(err()).doesNotContain("\tat ", "Exception");
    }

    // ----

    private void assertEndedByA(String thread) throws Exception {
        assertThat(awaitEnd()).isOne();
        assertThat(said().lines().filter(line -> line.contains("wslproxy: unexpected")))
                .singleElement()
                .asString()
                .contains("so it ends and can be started again: " + thread, "NoClassDefFoundError");
        assertThat(said() + out() + err()).doesNotContain("\tat ");
        assertThat(listens(port)).isFalse();

        write(forward(echo.port()));
        start(Program.LAUNCHER, "", false);
        assertEcho();
    }

    private void write(String config) throws IOException {
        Files.writeString(
                folder.resolve("proxy.toml"),
                config.contains("[status]") ? config : "[status]\nlisten = 'off'\n" + config);
    }

    private String forward(int target) {
        return "[[forward]]\nname = 'web'\nlisten = '127.0.0.1:" + port + "'\ntarget = '127.0.0.1:" + target + "'\n";
    }

    /** The program without one of its classes. */
    private Path without(String type) throws IOException {
        Path program = folder.resolve("program");
        Path whole = Program.LAUNCHER.getParent();
        try (Stream<Path> files = Files.walk(whole)) {
            for (Path file : files.toList()) {
                Files.copy(file, program.resolve(whole.relativize(file).toString()));
            }
        }
        try (Stream<Path> jars = Files.list(program.resolve("lib"))) {
            Path jar = jars.filter(path -> path.getFileName().toString().startsWith("wslproxy"))
                    .findFirst()
                    .orElseThrow();
            try (FileSystem inside = FileSystems.newFileSystem(jar, Map.of())) {
                Files.delete(inside.getPath("/io/github/wslproxy/" + type + ".class"));
            }
        }
        return program.resolve("wslproxy");
    }

    private void start(Path launcher, String javaOptions, boolean background) throws Exception {
        Files.deleteIfExists(folder.resolve("the.log"));
        if (background) {
            Path config = folder.resolve("proxy.toml");
            Files.writeString(config, "[log]\nfile = 'the.log'\n" + Files.readString(config));
        }
        List<String> command = new ArrayList<>(List.of(
                launcher.toString(), "--config", folder.resolve("proxy.toml").toString()));
        if (background) {
            command.add("--background");
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().put("WSLPROXY_JAVA_OPTS", javaOptions + " " + Program.VM_ON_LOOPBACK);
        process = builder.start();
        Await.until(() -> !process.isAlive() || out().contains("is running") || said().contains("is running"));
        assertThat(process.isAlive()).as(out() + said()).isTrue();
    }

    private int awaitEnd() throws InterruptedException {
        assertThat(process.waitFor(SOON.toMillis(), TimeUnit.MILLISECONDS))
                .as("it has ended")
                .isTrue();
        return process.exitValue();
    }

    /** On the console or, in the background, in its log. */
    private String said() throws IOException {
        Path log = folder.resolve("the.log");
        return Files.exists(log) ? Files.readString(log) : err();
    }

    private String out() throws IOException {
        return Files.readString(folder.resolve("out"));
    }

    private String err() throws IOException {
        return Files.readString(folder.resolve("err"));
    }

    private void assertEcho() throws IOException {
        try (Socket client = new Socket(LOOPBACK, port)) {
            client.setSoTimeout(10_000);
            client.getOutputStream().write(7);
            assertThat(client.getInputStream().read()).isEqualTo(7);
        }
    }
}
