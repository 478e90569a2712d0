package io.github.wslproxy.e2e;

import static io.github.wslproxy.testing.Loopback.freePort;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sizes around each limit of the configuration, with the packaged program and its own options: what check accepts can
 * be started and reloaded, what is too large is refused by the name of its limit, and what runs goes on.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "all of 127.0.0.0/8 is this computer")
@Timeout(600)
class LargeFilesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private TcpPeer server;
    private String base;
    private Program program;
    private Socket open;

    /**
     * @param fits what a file is given beside its first forward, just below the limit
     * @param exceeds just above it
     * @param said when it is refused
     */
    private record Limit(String name, String fits, String exceeds, String said) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Limit> limits() {
        String table = "(expected at most 64 KiB and 4096 lines from one table to the next)";
        String sockets = "(expected at most 16384 sockets for the whole file)";
        return Stream.of(
                new Limit(
                        "bytes of the file",
                        padded(1_040_000),
                        padded(1_060_000),
                        "the file is too large (expected at most 1 MiB)"),
                new Limit("bytes of a table", "#" + "x".repeat(65_000), "#" + "x".repeat(66_000), table),
                new Limit("characters of a string", comment("a".repeat(60)), "x = \"" + "a".repeat(66_000), table),
                new Limit("lines of a table", "\n".repeat(4000), "\n".repeat(5000), table),
                new Limit("forwards", forwards(4095), forwards(4096), "there are more than 4096 [[forward]]"),
                new Limit(
                        "entries of allow",
                        forward(0) + clients(1000),
                        forward(0) + clients(1001),
                        "(expected at most 1000)"),
                new Limit(
                        "entries of allow in all",
                        repeated(16, i -> forward(i) + clients(1000)),
                        repeated(17, i -> forward(i) + clients(1000)),
                        "(expected at most 16384 in all of them)"),
                new Limit("sockets of TCP", range("tcp", 16_383), range("tcp", 16_384), sockets),
                new Limit("sockets of UDP", range("udp", 16_383), range("udp", 16_384), sockets),
                new Limit("sockets of both", range("tcp+udp", 8191), range("tcp+udp", 8192), sockets));
    }

    /** Each is as large as a table may be: 64 KiB, or 4,096 lines. */
    static Stream<Limit> hostile() {
        return Stream.of(
                        "x = \"" + "a".repeat(64_000),
                        "x = \"" + "a".repeat(64_000) + "\"",
                        "x = \"\"\"\n" + "aaaaaaaaaaaaaaa\n".repeat(3900) + "\"\"\"",
                        "x = [" + "[],".repeat(21_000) + "]",
                        "x = [" + "{},".repeat(21_000) + "]",
                        "x = [" + "1,".repeat(32_000) + "]",
                        "x = [" + "\"\",".repeat(21_000) + "]",
                        "x = " + "[".repeat(64_000),
                        "x = " + "{a=".repeat(21_000),
                        "a" + ".a".repeat(32_000) + " = 1",
                        "x = {a" + ".a".repeat(32_000) + " = 1}",
                        "[a" + ".a".repeat(32_000) + "]",
                        repeated(4000, i -> "k" + i + " = [1]\n"),
                        repeated(4000, i -> "[t" + i + "]\n"),
                        "[[a]]\n".repeat(4000),
                        "x\n".repeat(4000),
                        "\"\n".repeat(4000),
                        "=\n".repeat(4000),
                        "}\n".repeat(4000),
                        "]".repeat(64_000),
                        "- item: value\n".repeat(4000),
                        // Of such tables as many as a file has room for.
                        ("[log]\n" + "\"\n".repeat(4000)).repeat(120),
                        ("[log]\nx = [" + "1,".repeat(31_000) + "]\n").repeat(16),
                        repeated(16, i -> forward(i) + "allow = [" + "\"any\",".repeat(10_000) + "]\n"),
                        "{\n  \"endpoints\": [\n" + "    { \"listen\": \"0.0.0.0:80\" },\n".repeat(30_000))
                .map(text -> new Limit(
                        text.substring(0, Math.min(16, text.length())).replace("\n", "\\n") + "...", "", text, ""));
    }

    @BeforeEach
    void boot() throws Exception {
        assumeTrue(descriptors() >= 18_000, "each listening socket needs a file descriptor; ulimit -Hn is lower");
        server = TcpPeer.playing(TcpPeer::echo);
        base = """
                [wsl]
                address = "127.0.0.1"
                [status]
                listen = "off"
                [[forward]]
                name = "web"
                listen = "127.0.0.1:%d"
                target = "wsl:%d"
                """.formatted(freePort(), server.port());
    }

    @AfterEach
    void powerOff() throws Exception {
        if (open != null) {
            open.close();
        }
        if (program != null) {
            program.close();
        }
        server.close();
    }

    @ParameterizedTest
    @MethodSource("limits")
    void whatFitsIsStartedAndReloadedAndWhatDoesNotIsRefusedByTheNameOfItsLimit(Limit limit) throws Exception {
        write(base + limit.fits());
        assertThat(check()).returns(0, Shell.Result::status);
        start();
        edit(base + "idle_timeout = \"1h\"\n" + limit.fits());
        assertThat(log()).contains("was edited: changed web");

        edit(base + limit.exceeds());
        assertThat(log()).contains("was edited and is not valid", limit.said());
        Shell.Result refused = check();
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).matches("(?s).*proxy\\.toml:\\d+:\\d+: .*").contains(limit.said());
    }

    @Test
    void noEditEndsWhatRuns() throws Exception {
        write(base);
        start();
        for (Limit shape : hostile().toList()) {
            edit(base + shape.exceeds());
            assertThat(log()).as(shape.name()).contains("was edited and is not valid");
        }
        edit(base + "idle_timeout = \"1h\"\n");
        assertThat(log()).contains("was edited: changed web");
    }

    private void start() throws Exception {
        program = new Program(folder, "--config", config().toString());
        until("start", () -> program.out().contains("is running"));
        int port = Integer.parseInt(base.replaceFirst("(?s).*listen = \"127\\.0\\.0\\.1:(\\d+)\".*", "$1"));
        open = new Socket(InetAddress.getLoopbackAddress(), port);
        assertOpenLinkGoesOn();
    }

    /** Returns when it has been taken or refused. */
    private void edit(String text) throws Exception {
        int before = log().length();
        write(text);
        until("edit", () -> log().substring(before).matches("(?s).*was edited(:| and is not valid).*\\R.*"));
        assertOpenLinkGoesOn();
    }

    private void assertOpenLinkGoesOn() throws IOException {
        open.setSoTimeout((int) PATIENCE.toMillis());
        open.getOutputStream().write('x');
        assertThat(open.getInputStream().read()).isEqualTo('x');
    }

    private void until(String what, Callable<Boolean> done) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!done.call()) {
            assertThat(program.isAlive())
                    .as("%s: %s%s", what, program.out(), program.err())
                    .isTrue();
            assertThat(System.nanoTime()).as("%s within %s", what, PATIENCE).isLessThan(end);
            Thread.sleep(20);
        }
    }

    /** The log is the console, which is the end of what the program has printed. */
    private String log() throws IOException {
        return program.out() + program.err();
    }

    private Shell.Result check() throws Exception {
        return Program.run("check", "--config", config().toString());
    }

    private Path config() {
        return folder.resolve("proxy.toml");
    }

    private void write(String text) throws IOException {
        Path next = Files.writeString(folder.resolve("next.toml"), text);
        Files.move(next, config(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static int descriptors() throws Exception {
        String limit = Shell.run("sh", "-c", "ulimit -Hn").out().strip();
        return limit.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(limit);
    }

    private static String padded(int bytes) {
        String comment = "# " + "x".repeat(80) + "\n";
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < bytes - 1500; i++) {
            text.append(forward(i)).append(comment.repeat(15));
        }
        return text.toString();
    }

    private static String forwards(int count) {
        return repeated(count, LargeFilesIT::forward);
    }

    private static String forward(int number) {
        return "[[forward]]\nname = \"service number " + number + "\"\nlisten = \"127.77.0.1:" + (10_000 + number)
                + "\"\ntarget = \"wsl:" + (10_000 + number) + "\"\n";
    }

    private static String comment(String text) {
        return "# " + text + "\n";
    }

    private static String clients(int count) {
        return "allow = [" + repeated(count, i -> "\"10." + i / 256 + "." + i % 256 + ".0/24\",\n") + "]\n";
    }

    private static String range(String protocol, int ports) {
        String range = "20000-" + (20_000 + ports - 1);
        return "[[forward]]\nprotocol = \"" + protocol + "\"\nlisten = \"127.77.0.1:" + range
                + "\"\ntarget = \"192.0.2.1:" + range + "\"\n";
    }

    private static String repeated(int count, IntFunction<String> part) {
        return IntStream.range(0, count).mapToObj(part).collect(Collectors.joining());
    }
}
