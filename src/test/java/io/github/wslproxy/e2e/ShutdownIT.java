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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the packaged program ends, at whatever moment it is told to. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs POSIX signals and many loopback addresses")
class ShutdownIT {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final String VM = "127.0.0.2";
    private static final Duration GRACE_AND_CLOSING = Duration.ofSeconds(9);
    private static final Duration SOON = Duration.ofSeconds(4);
    private static final int MANY = 1000;

    @TempDir
    Path folder;

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

    /** As a terminal and a wrapper that passes the signal on do. */
    @Test
    void twoSignalsAtOnceEndItOnceAndWithoutATrace() throws Exception {
        for (int round = 0; round < 5; round++) {
            int tcp = freePort();
            try (Program program = start(forward("web", "tcp", tcp, 9))) {
                Shell.run(
                                "sh",
                                "-c",
                                "kill -TERM " + program.handle().pid() + "; kill -INT "
                                        + program.handle().pid())
                        .orFail();

                assertThat(program.awaitEnd(SOON)).isIn(0, 130, 143);
                assertThat(program.err()).doesNotContain("\tat ", "Exception");
            }
        }
    }

    // ---- at odd moments

    /**
     * From the launcher's shell to a program that forwards and ends in order, however slow the computer is: 143 and 130
     * as long as Java itself takes the signal.
     */
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSignalAtAnyMomentOfTheStartEndsItQuietly(String signal) throws Exception {
        int tcp = freePort();
        String unmistakable = unmistakable(2);
        Path config = write(probe("sleep " + unmistakable + " & sleep 0.5; echo " + VM)
                + forward("web", "tcp", tcp, 8000).replace("127.0.0.1:8000", "wsl:8000"));
        boolean endedInOrder = false;
        for (int millis = 0; millis <= 1000 || !endedInOrder; millis += 100) {
            try (Program program = new Program(folder, "--config", config.toString())) {
                TimeUnit.MILLISECONDS.sleep(millis);
                program.signal(signal);

                int status = program.awaitEnd(SOON);
                assertThat(status).as("after " + millis + " ms").isIn(0, 143, 130);
                endedInOrder |= status == 0;
                assertThat(program.err())
                        .as("after " + millis + " ms")
                        .doesNotContain("\tat ", "Exception", "WARN", "ERROR");
            }
            Await.until(() -> !sleeps(unmistakable));
        }
        startsAgain(forward("web", "tcp", tcp, 9));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 900, 1100, 1300, 1600, 2000})
    void aSignalDuringAReloadEndsItQuietly(int millis) throws Exception {
        int kept = freePort();
        int moved = freePort();
        int later = freePort();
        String unmistakable = unmistakable(3);
        try (Program program = start(forward("kept", "tcp", kept, 9) + forward("moved", "tcp", moved, 9))) {
            // A new way to find the VM, which takes its time: the reload waits for it.
            write(probe("sleep " + unmistakable)
                    + forward("kept", "tcp", kept, 9)
                    + forward("new", "tcp", later, 9).replace("127.0.0.1:9", "wsl:9"));
            TimeUnit.MILLISECONDS.sleep(millis);

            program.signal("TERM");

            assertThat(program.awaitEnd(SOON)).isZero();
            assertThat(program.err()).doesNotContain("\tat ", "Exception", "ERROR", "could not be applied");
            assertThat(listens(kept) || listens(moved) || listens(later)).isFalse();
            Await.until(() -> !sleeps(unmistakable));
        }
    }

    @Test
    void aReloadThatIsCutShortOpensNoListenerAnyMore() throws Exception {
        int kept = freePort();
        int later = freePort();
        try (TcpPeer echo = TcpPeer.playing(TcpPeer::echo);
                Program program = start(forward("kept", "tcp", kept, echo.port()))) {
            try (Socket link = openLink(kept)) {
                write(probe("sleep 2; echo " + VM)
                        + forward("kept", "tcp", kept, echo.port())
                        + forward("new", "tcp", later, 9).replace("127.0.0.1:9", "wsl:9"));
                Await.until(() -> program.handle().descendants().count() > 0);

                program.signal("TERM");

                Await.until(() -> !listens(kept));
                CompletableFuture<Integer> ended = CompletableFuture.supplyAsync(() -> endOf(program));
                while (!ended.isDone()) {
                    assertThat(listens(later)).isFalse();
                    TimeUnit.MILLISECONDS.sleep(20);
                }
                assertThat(ended.get()).isZero();
                assertThat(link.isConnected()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSignalWhileClientsWaitForTheVmResetsThemAndEndsIt(boolean inBackground) throws Exception {
        int tcp = freePort();
        Path config = write("[log]\nfile = 'the.log'\n[wsl]\ncommand = ['true']\non_stopped = 'hold'\nhold = '60s'\n"
                + forward("web", "tcp", tcp, 8000).replace("127.0.0.1:8000", "wsl:8000"));
        List<Socket> waiting = new ArrayList<>();
        List<String> arguments = new ArrayList<>(List.of("--config", config.toString()));
        if (inBackground) {
            arguments.add("--background");
        }
        try (Program program = new Program(folder, arguments.toArray(String[]::new))) {
            Await.until(() -> !program.isAlive()
                    || log().contains("is running")
                    || program.out().contains("is running"));
            for (int i = 0; i < 20; i++) {
                waiting.add(new Socket(LOOPBACK, tcp));
            }

            program.signal("TERM");

            assertThat(program.awaitEnd(SOON)).isZero();
            for (Socket client : waiting) {
                assertThat(isGone(client)).isTrue();
                client.close();
            }
            assertThat(log() + program.err()).doesNotContain("\tat ", "Exception", "ERROR");
            assertThat(log().lines().toList())
                    .satisfies(lines -> assertThat(lines.get(0)).contains("starts (pid ", config.toString()))
                    .satisfies(lines -> assertThat(lines.get(lines.size() - 1)).endsWith("wslproxy has stopped"))
                    .filteredOn(line -> line.matches(".* INFO +(wslproxy: )?stopping.*"))
                    .hasSize(1);
            assertThat(program.out().contains("log: " + folder.resolve("the.log")))
                    .isEqualTo(!inBackground);
        }
    }

    /** Nothing keeps a Java alive that has been told to end, and whoever looks at its threads knows whose they are. */
    @Test
    void onlyTheMainThreadKeepsItAliveAndEveryOtherIsNamed() throws Exception {
        int tcp = freePort();
        int status = freePort();
        try (Program program =
                start("[status]\nlisten = '127.0.0.1:" + status + "'\n" + forward("web", "tcp", tcp, 9))) {
            Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
            String threads = Shell.run(
                            jcmd.toString(), Long.toString(program.handle().pid()), "Thread.print")
                    .orFail()
                    .out();
            List<String> javaThreads = threads.lines()
                    .filter(line -> line.matches("\".*\" #\\d+ .*"))
                    .toList();

            assertThat(javaThreads)
                    .filteredOn(line -> !line.contains(" daemon "))
                    .singleElement()
                    .asString()
                    .startsWith("\"main\"");
            assertThat(javaThreads).noneMatch(line -> line.matches("\"(Thread|pool)-\\d.*"));
        }
    }

    private static boolean answersNewcomer(int udp) throws Exception {
        try (UdpPeer late = UdpPeer.client(new InetSocketAddress(LOOPBACK, udp))) {
            late.send("too late");
            return late.receive(Duration.ofMillis(300)).isPresent();
        }
    }

    private int endOf(Program program) {
        try {
            return program.awaitEnd(GRACE_AND_CLOSING);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void tellToStop(Program program, String how) throws Exception {
        if (how.equals("stop")) {
            new ProcessBuilder(Program.command("stop", "--config", config().toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("stop").toFile())
                    .start();
        } else {
            program.signal(how);
        }
    }

    private Path config() {
        return folder.resolve("proxy.toml");
    }

    private Path write(String config) throws IOException {
        return Files.writeString(
                config(), config.contains("[status]") ? config : "[status]\nlisten = 'off'\n" + config);
    }

    private Program start(String config) throws Exception {
        Program program = new Program(folder, "--config", write(config).toString());
        Await.until(() -> program.out().contains("is running") || !program.isAlive());
        assertThat(program.isAlive()).as(program.err()).isTrue();
        return program;
    }

    /** What the last one left is in nobody's way. */
    private void startsAgain(String config) throws Exception {
        try (Program again = start(config)) {
            again.signal("TERM");
            assertThat(again.awaitEnd(SOON)).isZero();
        }
    }

    private String log() throws IOException {
        Path log = folder.resolve("the.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    private String probe(String script) {
        return "[wsl]\ninterval = '1s'\ncommand = ['sh', '-c', 'cd " + folder + " && " + script + "']\n";
    }

    private static String forward(String name, String protocol, int port, int target) {
        return "[[forward]]\nname = '%s'\nprotocol = '%s'\nlisten = '127.0.0.1:%d'\ntarget = '127.0.0.1:%d'\n"
                .formatted(name, protocol, port, target);
    }

    private static String limits(String forward) {
        return forward + "max_connections = 2000\nmax_connections_per_client = 2000\nmax_sessions = 2000\n"
                + "max_sessions_per_client = 2000\n";
    }

    private static String unmistakable(int number) {
        return Long.toString(number * 10_000_000L + ProcessHandle.current().pid());
    }

    private static void assertEcho(SocketChannel link, int value) throws IOException {
        link.write(ByteBuffer.wrap(new byte[] {(byte) value}));
        ByteBuffer answer = ByteBuffer.allocate(1);
        assertThat(link.read(answer)).isOne();
        assertThat(answer.get(0)).isEqualTo((byte) value);
    }

    private static void assertEcho(DatagramChannel session, int value) throws IOException {
        session.write(ByteBuffer.wrap(new byte[] {(byte) value}));
        ByteBuffer answer = ByteBuffer.allocate(1);
        assertThat(session.read(answer)).isOne();
        assertThat(answer.get(0)).isEqualTo((byte) value);
    }

    /** Asks all processes, since what outlives the program is no longer its child. */
    private static boolean sleeps(String seconds) {
        return ProcessHandle.allProcesses()
                .anyMatch(process -> process.info().commandLine().orElse("").endsWith("sleep " + seconds));
    }
}
