package io.github.wslproxy.status;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusClientTest {
    private static final Duration SOON = Duration.ofMillis(300);

    @Test
    void whatARunningProxyTellsComesBackAsItWas() throws Exception {
        Snapshot snapshot = StatusSamples.withConfig(
                StatusSamples.of(
                        StatusSamples.listening("vite"),
                        StatusSamples.failed("n\u00e9 <b>\"&\\"),
                        StatusSamples.keptOut("web", "10.0.0.1")),
                "/home/me/proxy.toml",
                "--config /home/me/proxy.toml");
        try (StatusServer server = new StatusServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                () -> snapshot,
                new FakeAdminApi(),
                FakeAdminApi.TOKEN)) {
            server.start();

            StatusAnswer answer = new StatusClient(server.address()).ask();

            Snapshot whole = StatusSamples.withProcess(
                    snapshot,
                    snapshot.pid(),
                    snapshot.java(),
                    Duration.ofSeconds(snapshot.uptime().toSeconds()));
            assertThat(answer).isEqualTo(new StatusAnswer.Running(whole, StatusSamples.json(snapshot)));
        }
    }

    /** As many as a file may have, and each with everything that can be said of it. */
    @Test
    void fourThousandForwardsComeBackToo() throws Exception {
        Snapshot.ForwardView one = StatusSamples.failed("a forward of a name that is as long as names are");
        Snapshot snapshot = StatusSamples.of(Collections.nCopies(4096, one).toArray(Snapshot.ForwardView[]::new));
        try (StatusServer server = new StatusServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                () -> snapshot,
                new FakeAdminApi(),
                FakeAdminApi.TOKEN)) {
            server.start();

            assertThat(new StatusClient(server.address(), Duration.ofSeconds(20)).ask())
                    .isInstanceOfSatisfying(
                            StatusAnswer.Running.class,
                            running -> assertThat(running.snapshot().forwards()).hasSize(4096));
        }
    }

    @Test
    void aPortThatNobodyListensOnIsNobody() throws Exception {
        // Bound, so that nobody else gets the port meanwhile, and not listening.
        try (Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            InetSocketAddress there = new InetSocketAddress(InetAddress.getLoopbackAddress(), bound.getLocalPort());

            assertThat(new StatusClient(there).ask()).isEqualTo(new StatusAnswer.Nobody());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HTTP/1.1 404 Not Found~content-length: 0~~                         | it answers with HTTP status 404
            HTTP/1.1 302 Found~location: http://192.0.2.1/~content-length: 0~~ | it answers with HTTP status 302
            HTTP/1.1 200 OK~content-length: 5~~hello                           | its answer is not that of a wslproxy
            HTTP/1.1 200 OK~content-length: 2~~{}                              | its answer is not that of a wslproxy
            HTTP/1.1 200 OK~content-length: 4~~null                            | its answer is not that of a wslproxy
            SSH-2.0-OpenSSH_9.2~                                               | what answers there does not speak HTTP as wslproxy does
            """)
    void anybodyElseIsUnclear(String sent, String what) throws Exception {
        try (TcpPeer peer = TcpPeer.playing(socket -> reply(socket, sent))) {
            assertThat(ask(peer)).isEqualTo(new StatusAnswer.Unclear(what));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"version\":\"1\",\"forwards\":{}}",
                "{\"version\":[],\"forwards\":[{\"state\":\"x\"}]}",
                "{\"version\":\"1\",\"forwards\":[]}",
                "{\"version\":\"1\",\"target\":\"up\",\"forwards\":[]}",
                "{\"version\":\"1\",\"target\":{},\"forwards\":[{\"state\":\"listening\"}]}",
                "{\"version\":\"1\",\"pid\":1e999999999,\"target\":{},\"forwards\":[]}"
            })
    void aDocumentThatOnlyResemblesOursIsUnclear(String document) throws Exception {
        String answer = "HTTP/1.1 200 OK~content-length: " + document.length() + "~~" + document;
        try (TcpPeer peer = TcpPeer.playing(socket -> reply(socket, answer))) {
            assertThat(ask(peer)).isInstanceOf(StatusAnswer.Unclear.class);
        }
    }

    @Test
    void aThousandByteOrderMarksAreNoEndlessDocument() {
        assertThat(assertTimeoutPreemptively(
                        Duration.ofSeconds(30), () -> StatusClient.parse("\ufeff".repeat(3000) + "x")))
                .isInstanceOf(StatusAnswer.Unclear.class);
    }

    /** Whoever took the port may say anything, and doctor prints it. */
    @Test
    void aHostileAnswerCannotCommandTheTerminal() throws Exception {
        String document =
                "{\"version\":\"\\u001b[2J\",\"config_error\":\"a\\nb\",\"target\":{\"reason\":\"\\u202etxt\"},"
                        + "\"forwards\":[]}";
        String answer = "HTTP/1.1 200 OK~content-length: " + document.length() + "~~" + document;
        try (TcpPeer peer = TcpPeer.playing(socket -> reply(socket, answer))) {
            assertThat(ask(peer)).isInstanceOfSatisfying(StatusAnswer.Running.class, running -> {
                assertThat(running.snapshot().version()).isEqualTo("\\u001b[2J");
                assertThat(running.snapshot().configError()).isEqualTo("a\\u000ab");
                assertThat(running.snapshot().target().reason()).isEqualTo("\\u202etxt");
            });
        }
    }

    @Test
    void onlyVersionTargetAndForwardsAreNeededFromAnotherVersion() throws Exception {
        String document = "{\"version\":\"9\",\"target\":{},\"forwards\":[{\"name\":\"a\",\"listen\":[],"
                + "\"state\":\"waiting\",\"news\":1}]}";
        String answer = "HTTP/1.1 200 OK~content-length: " + document.length() + "~~" + document;
        try (TcpPeer peer = TcpPeer.playing(socket -> reply(socket, answer))) {
            assertThat(ask(peer)).isInstanceOfSatisfying(StatusAnswer.Running.class, running -> {
                assertThat(running.snapshot().version()).isEqualTo("9");
                assertThat(running.snapshot().forwards().get(0).state()).isEqualTo(Snapshot.ForwardState.WAITING);
                assertThat(running.snapshot().java()).isEmpty();
                assertThat(running.snapshot().forwards().get(0).lastOwnClient()).isEmpty();
            });
        }
    }

    @Test
    void whoSaysNothingAndWhoNeverEndsAreGivenUp() throws Exception {
        try (TcpPeer silent =
                        TcpPeer.playing(socket -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
                TcpPeer endless = TcpPeer.playing(StatusClientTest::dripHeaders)) {
            long began = System.nanoTime();
            for (TcpPeer peer : new TcpPeer[] {silent, endless}) {
                assertThat(new StatusClient(at(peer), SOON).ask())
                        .isInstanceOfSatisfying(StatusAnswer.Unclear.class, unclear -> assertThat(unclear.what())
                                .contains("300 ms"));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void anAnswerThatIsTooLongIsNotReadToItsEnd() throws Exception {
        try (TcpPeer peer = TcpPeer.playing(socket -> {
            reply(socket, "HTTP/1.1 200 OK~connection: close~~");
            byte[] blanks = " ".repeat(1 << 16).getBytes(UTF_8);
            while (true) {
                socket.getOutputStream().write(blanks);
            }
        })) {
            assertThat(ask(peer)).isEqualTo(new StatusAnswer.Unclear("its answer is longer than 8 MiB"));
        }
    }

    private static StatusAnswer ask(TcpPeer peer) {
        return new StatusClient(at(peer)).ask();
    }

    private static InetSocketAddress at(TcpPeer peer) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), peer.port());
    }

    private static void reply(Socket socket, String answer) throws IOException {
        socket.getInputStream().read(new byte[10_000]);
        socket.getOutputStream().write(answer.replace("~", "\r\n").getBytes(UTF_8));
        socket.getOutputStream().flush();
    }

    private static void dripHeaders(Socket socket) throws Exception {
        OutputStream out = socket.getOutputStream();
        out.write("HTTP/1.1 200 OK\r\n".getBytes(UTF_8));
        while (true) {
            out.write("x: y\r\n".getBytes(UTF_8));
            Thread.sleep(20);
        }
    }
}
