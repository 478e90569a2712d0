package io.github.wslproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A site in the browser of this computer, and a program of another user of it, in front of the status address. */
class StatusSecurityTest {
    private static final String SECRET = "wslproxy_info";

    private final AtomicInteger asked = new AtomicInteger();
    private final StatusServer server = new StatusServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            () -> {
                asked.incrementAndGet();
                return StatusSamples.of(StatusSamples.listening("vite"));
            },
            new FakeAdminApi(),
            FakeAdminApi.TOKEN);

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Names that somebody can own, or that a resolver may be made to lead here. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:9797",
                "localhost.evil",
                "localhost.evil:9797",
                "127.0.0.1.nip.io",
                "127-0-0-1.nip.io",
                "localtest.me",
                "localhost.localdomain",
                "127.0.0.1.",
                "localhost.",
                "user@localhost",
                "localhost@evil.example",
                "localhost#.evil.example",
                "localhost/.evil.example",
                "localhost\\.evil.example",
                "localhost%00.evil.example",
                "localhost:9797@evil.example",
                "loc\u0430lhost",
                "2130706433",
                "017700000001",
                "0x7f000001",
                "0x7f.0.0.1",
                "0177.0.0.1",
                "127.1",
                "127.0.1",
                "0",
                "0.0.0.0",
                "[::]",
                "[::ffff:127.0.0.1]",
                "[0:0:0:0:0:0:0:1]",
                "[::1%25lo]",
                "::1",
                "[::1]evil.example",
                "[::1",
                "192.168.1.20",
                "desk"
            })
    void anotherNameOfThisComputerIsNotAnswered(String host) throws Exception {
        assertRefused(raw("GET /metrics HTTP/1.1", "Host: " + host));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET http://evil.example/metrics", "GET //evil.example/metrics", "GET http://x@evil/metrics"})
    void theHostOfTheFirstLineCountsToo(String request) throws Exception {
        assertRefused(raw(request + " HTTP/1.1", "Host: localhost"));
    }

    @Test
    void neitherNoHostNorTwoAreAnswered() throws Exception {
        assertRefused(raw("GET /metrics HTTP/1.1"));
        assertRefused(raw("GET /metrics HTTP/1.1", "Host: localhost", "Host: localhost"));
        assertRefused(raw("GET /metrics HTTP/1.1", "Host: evil.example", "Host: localhost"));
        assertRefused(raw("GET /metrics HTTP/1.1", "Host: localhost, evil.example"));
    }

    /** Without these headers a browser keeps the answer from the site that asked. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1",
                "GET /api/status HTTP/1.1",
                "GET /metrics HTTP/1.1",
                "HEAD / HTTP/1.1",
                "OPTIONS /api/status HTTP/1.1",
                "POST /api/status HTTP/1.1",
                "GET /nothing HTTP/1.1"
            })
    void noOtherOriginIsLetInAndNoAnswerGoesWithoutItsHeaders(String request) throws Exception {
        for (String origin : new String[] {"http://evil.example", "null", "http://localhost:3000"}) {
            String answer = raw(
                    request,
                    "Host: localhost",
                    "Origin: " + origin,
                    "Access-Control-Request-Method: POST",
                    "Access-Control-Request-Private-Network: true");
            assertThat(header(answer, "access-control-")).isEmpty();
            assertHardened(answer);
        }
    }

    @Test
    void anAnswerToAStrangerHasTheHeadersToo() throws Exception {
        assertHardened(raw("GET / HTTP/1.1", "Host: evil.example"));
    }

    /** All there is reads: there is nothing that a site could make a browser do here. */
    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "STOP"})
    void noMethodChangesAnything(String method) throws Exception {
        for (String path : new String[] {"/", "/api/status", "/metrics"}) {
            assertThat(raw(method + " " + path + " HTTP/1.1", "Host: localhost"))
                    .startsWith("HTTP/1.1 405 ");
        }
        assertThat(asked).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/stop", "/api/reload", "/api/forwards", "/shutdown", "/api/status/stop", "/?stop"})
    void noPathChangesAnything(String path) throws Exception {
        String answer = raw("GET " + path + " HTTP/1.1", "Host: localhost");

        assertThat(answer).matches(path.equals("/?stop") ? "(?s)HTTP/1.1 200 .*" : "(?s)HTTP/1.1 404 .*");
        assertThat(raw("GET /metrics HTTP/1.1", "Host: localhost")).contains(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /", "GET / HTTP/1.1\r\nX: ", "GET / HTTP/1.1\r\n", ""})
    void anEndlessRequestIsCutOff(String beginning) throws Exception {
        byte[] more = (beginning.endsWith("\n") ? "X: y\r\n" : "aaaaaa")
                .repeat(10_000)
                .getBytes(StandardCharsets.UTF_8);
        long sent = 0;
        try (Socket socket = connect()) {
            socket.getOutputStream().write(beginning.getBytes(StandardCharsets.UTF_8));
            while (sent < 1 << 30) {
                socket.getOutputStream().write(more);
                sent += more.length;
            }
        } catch (SocketException cutOff) {
            // That is as it should be.
        }
        assertThat(sent).isLessThan(64 << 20);
        assertThat(raw("GET /metrics HTTP/1.1", "Host: localhost")).contains(SECRET);
    }

    private void assertRefused(String answer) {
        assertThat(answer).doesNotContain(SECRET).matches("(?s)HTTP/1.1 4\\d\\d .*");
        assertThat(asked).hasValue(0);
    }

    private static void assertHardened(String answer) {
        assertThat(header(answer, "x-content-type-options: ")).isEqualTo("nosniff");
        assertThat(header(answer, "content-security-policy: "))
                .contains("default-src 'none'", "frame-ancestors 'none'", "form-action 'none'", "base-uri 'none'");
        assertThat(header(answer, "referrer-policy: ")).isEqualTo("no-referrer");
        assertThat(header(answer, "cache-control: ")).isEqualTo("no-store");
        assertThat(header(answer, "cross-origin-resource-policy: ")).isEqualTo("same-origin");
    }

    private static String header(String answer, String name) {
        return Arrays.stream(answer.split("\r\n\r\n", 2)[0].split("\r\n"))
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name))
                .map(line -> line.substring(name.length()))
                .findFirst()
                .orElse("");
    }

    private String raw(String... lines) throws IOException {
        try (Socket socket = connect()) {
            String request = String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Socket connect() throws IOException {
        Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort());
        socket.setSoTimeout(15_000);
        return socket;
    }
}
