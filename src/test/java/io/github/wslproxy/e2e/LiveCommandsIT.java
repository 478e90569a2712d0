package io.github.wslproxy.e2e;

import static io.github.wslproxy.testing.Loopback.freePort;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look at the packaged program while it runs, and change what it does. */
@Timeout(120)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "starts the program through its POSIX launcher")
class LiveCommandsIT {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final String VM = "127.0.0.2";

    @TempDir
    Path folder;

    private TcpPeer web;
    private int port;
    private int status;
    private Path config;
    private Program program;

    @BeforeEach
    void start() throws Exception {
        web = TcpPeer.at(VM, TcpPeer::echo);
        port = freePort();
        status = freePort();
        config = folder.resolve("proxy.toml");
        Files.writeString(config, """
                [wsl]
                command = ['echo', '%s']
                [status]
                listen = '127.0.0.1:%d'
                [[forward]]
                name = 'web'
                listen = '127.0.0.1:%d'
                target = 'wsl:%d'
                """.formatted(VM, status, port, web.port()));
        program = new Program(folder, "--config", config.toString()).awaitStart();
    }

    @AfterEach
    void end() throws Exception {
        program.close();
        web.close();
    }

    private Shell.Result run(String line) throws Exception {
        return Program.run((line + " --config " + config).split(" "));
    }

    private static boolean answers(int port) {
        try (Socket client = new Socket(LOOPBACK, port)) {
            client.setSoTimeout(2000);
            client.getOutputStream().write('a');
            return client.getInputStream().read() == 'a';
        } catch (IOException closed) {
            return false;
        }
    }

    private String status() {
        try {
            return run("status").orFail().out();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aShareByUdpIsStoppedByItsPort() throws Exception {
        int dns = freePort();
        run("share " + dns + " --udp --for 1h --allow loopback").orFail();
        assertThat(status()).containsPattern("share-" + dns + "-udp +listening");

        assertThat(run("share --stop " + dns).orFail().out()).contains("is no longer shared");
        assertThat(run("share --list").orFail().out()).isEqualTo("Nothing is shared.\n");
        int wider = freePort();
        run("share " + wider + " --allow 8.8.8.0/24").orFail();
        assertThat(status()).containsPattern("share-" + wider + " +listening");
        run("share --stop " + wider).orFail();
    }

    @Test
    void aPausedForwardAcceptsNobodyUntilItIsResumedAndItsLinksGoOn() throws Exception {
        try (Socket before = new Socket(LOOPBACK, port)) {
            before.setSoTimeout(5000);
            before.getOutputStream().write('a');
            assertThat(before.getInputStream().read()).isEqualTo('a');

            assertThat(run("pause web").orFail().out()).isEqualTo("[web] is paused; new connections are refused\n");
            assertThat(answers(port)).isFalse();
            before.getOutputStream().write('b');
            assertThat(before.getInputStream().read()).isEqualTo('b');
            assertThat(status())
                    .containsPattern("web +paused")
                    .contains("web is paused; to go on: wslproxy resume web --config ");
        }
        run("resume web").orFail();
        Await.until(() -> answers(port));
        assertThat(run("pause wbe").err()).isEqualTo("wslproxy: there is no forward wbe (there are web)\n");
    }

    @Test
    void aWatchIntoAPipeTellsEachChangeAndTheEnd() throws Exception {
        Path watching = Files.createDirectory(folder.resolve("watching"));
        try (Program watch = new Program(watching, "status", "--watch", "--config", config.toString())) {
            Await.until(() -> watch.out().contains("forward web listening"));
            run("pause web").orFail();
            Await.until(() -> watch.out().contains("forward web paused"));
            assertThat(watch.out()).contains("event info [web] is paused").doesNotContain("\u001b");

            program.signal("TERM");
            assertThat(watch.awaitEnd(Duration.ofSeconds(10))).isEqualTo(1);
            assertThat(watch.err()).contains("wslproxy is not running");
        }
    }

    @Test
    void aWatchIsEndedBySignalWithStatusZero() throws Exception {
        Path watching = Files.createDirectory(folder.resolve("watching"));
        try (Program watch = new Program(watching, "status", "--watch", "--config", config.toString())) {
            Await.until(() -> watch.out().contains("forward web listening"));
            watch.signal("INT");
            assertThat(watch.awaitEnd(Duration.ofSeconds(5))).isZero();
            assertThat(watch.err()).isEmpty();
        }
    }

    @Test
    void thePageThatIsPrintedHasTheTokenThatTheActionsTake() throws Exception {
        String url = run("page").orFail().out();
        assertThat(url).matches("http://127\\.0\\.0\\.1:" + status + "/#token=[0-9a-f]{32}\\n");

        assertThat(run("status --json").orFail().out()).startsWith("{").contains("\"name\": \"web\"");
        assertThat(Program.run("status", "--config", write(freePort()).toString())
                        .status())
                .isEqualTo(1);
    }

    private Path write(int otherStatus) throws IOException {
        return Files.writeString(
                folder.resolve("other.toml"),
                Files.readString(config).replace("127.0.0.1:" + status, "127.0.0.1:" + otherStatus));
    }

    /** On a terminal the table is drawn over itself, and what was there before comes back. */
    @Test
    void aWatchOnATerminalRestoresIt() throws Exception {
        assumeTrue(Shell.has("script"), "no program called script");
        Path typescript = folder.resolve("typescript");
        String watch = Program.LAUNCHER + " status --watch --config " + config;
        Process terminal = new ProcessBuilder(
                        "script",
                        "-qfc",
                        "stty rows 20 cols 60; exec env --default-signal=INT,HUP " + watch,
                        typescript.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Await.until(() ->
                    Files.exists(typescript) && Files.readString(typescript).contains("\u001b[H\u001b[2Kwslproxy "));
            terminal.getOutputStream().write(3);
            terminal.getOutputStream().flush();
            assertThat(terminal.waitFor(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            terminal.destroyForcibly();
        }
        String drawn = Files.readString(typescript);
        assertThat(drawn).contains("\u001b[?1049h").contains("\u001b[?1049l").contains("\u001b[?25h");
        assertThat(drawn.replaceAll("\u001b\\[[?\\d]*[a-zA-Z]", "").lines().filter(line -> !line.startsWith("Script")))
                .allMatch(line -> line.length() <= 60);
    }
}
