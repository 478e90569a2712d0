package io.github.wslproxy.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import io.github.wslproxy.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusServerTest {
    private static final Snapshot SNAPSHOT = StatusSamples.of(StatusSamples.listening(StatusSamples.NASTY));

    private static final Duration SOON = Duration.ofSeconds(1);

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<StatusServer> servers = new ArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void closeAll() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        servers.forEach(StatusServer::close);
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html; charset=utf-8",
        "/api/status, application/json; charset=utf-8",
        "/api/status?now, application/json; charset=utf-8",
        "/metrics, text/plain; version=0.0.4; charset=utf-8"
    })
    void answersWithTheSnapshotAndSafeHeaders(String path, String contentType) throws Exception {
        HttpResponse<String> answer = request(start(() -> SNAPSHOT), "GET", path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("é漢😀");
        assertThat(header(answer, "Content-Type")).isEqualTo(contentType);
        assertHeadersAreSafe(answer);
    }

    @Test
    void jsonSurvivesTheWire() throws Exception {
        String body = request(start(() -> SNAPSHOT), "GET", "/api/status").body();

        assertThat(JsonParser.parseString(body)
                        .getAsJsonObject()
                        .getAsJsonArray("forwards")
                        .get(0)
                        .getAsJsonObject()
                        .get("name")
                        .getAsString())
                .isEqualTo(StatusSamples.NASTY);
    }

    @Test
    void drawsTheCodeOfAUrlThatItShowsAndOfNoOther() throws Exception {
        StatusServer server = start(() -> StatusSamples.of(StatusSamples.listening("vite")));

        HttpResponse<String> code = request(server, "GET", "/api/qr?url=http%3A%2F%2F192.168.1.7%3A5173%2F");
        assertThat(code.statusCode()).isEqualTo(200);
        assertThat(header(code, "Content-Type")).isEqualTo("image/svg+xml");
        assertThat(code.body()).startsWith("<svg ").doesNotContain("script", "192.168");
        assertHeadersAreSafe(code);

        assertThat(request(server, "GET", "/api/qr?url=http%3A%2F%2Fevil.com%2F")
                        .statusCode())
                .isEqualTo(404);
        assertThat(request(server, "GET", "/api/qr").statusCode()).isEqualTo(400);
        assertThat(request(server, "POST", "/api/qr?url=x").statusCode()).isEqualTo(405);
    }

    @Test
    void metricsAreWhatIsAskedFor() throws Exception {
        StatusServer server = start(() -> SNAPSHOT);
        URI metrics = URI.create("http://127.0.0.1:" + server.address().getPort() + "/metrics");

        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(metrics)
                        .header("Accept", "application/openmetrics-text")
                        .build(),
                BodyHandlers.ofString());

        assertThat(header(answer, "Content-Type"))
                .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(answer.body()).endsWith("# EOF\n");
    }

    @Test
    void asksForANewSnapshotEachTime() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        StatusServer server = start(() -> StatusSamples.of(StatusSamples.listening("n" + asked.incrementAndGet())));

        assertThat(request(server, "GET", "/metrics").body()).contains("\"n1\"");
        assertThat(request(server, "GET", "/metrics").body()).contains("\"n2\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api/status", "/metrics"})
    void headSaysTheLengthAndNothingElse(String path) throws Exception {
        StatusServer server = start(() -> SNAPSHOT);
        int length = request(server, "GET", path).body().getBytes(StandardCharsets.UTF_8).length;

        HttpResponse<String> answer = request(server, "HEAD", path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(header(answer, "Content-Length")).isEqualTo(String.valueOf(length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get"})
    void otherMethodsAreNotAllowed(String method) throws Exception {
        HttpResponse<String> answer = request(start(() -> SNAPSHOT), method, "/api/status");

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(header(answer, "Allow")).isEqualTo("GET, HEAD");
        assertHeadersAreSafe(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/favicon.ico", "/api", "/api/status/", "/API/STATUS", "/metrics/..", "/%3Cscript%3E"})
    void otherPathsAreNotFound(String path) throws Exception {
        HttpResponse<String> answer = request(start(() -> SNAPSHOT), "GET", path);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).doesNotContain("script").hasLineCount(1);
        assertHeadersAreSafe(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:9797",
                "127.0.0.1",
                "127.0.0.1:1",
                "127.9.8.7:65535",
                "[::1]",
                "[::1]:9797"
            })
    void answersUnderNamesOfThisComputer(String host) throws Exception {
        assertThat(raw(start(() -> SNAPSHOT), "GET /metrics HTTP/1.1", "Host: " + host))
                .startsWith("HTTP/1.1 200 ")
                .contains("wslproxy_info");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost.evil.com",
                "127.0.0.1.evil.com",
                "evil.com:9797",
                "localhost.",
                "127.0.0.1.",
                "evil@localhost",
                "localhost:9797:80",
                "localhost, evil.com",
                "128.0.0.1",
                "192.168.1.7:9797",
                "0.0.0.0:9797",
                "[::]:9797",
                "[::1].evil.com",
                "127.0.0.1x",
                "localhost:port",
                ""
            })
    void answersNoOtherName(String host) throws Exception {
        assertThat(raw(start(() -> SNAPSHOT), "GET /api/status HTTP/1.1", "Host: " + host))
                .startsWith("HTTP/1.1 421 ")
                .contains("only answered under")
                .doesNotContain("uptime_seconds");
    }

    @Test
    void answersNoRequestWithoutAHostOrWithTwo() throws Exception {
        StatusServer server = start(() -> SNAPSHOT);

        assertThat(raw(server, "GET / HTTP/1.1")).startsWith("HTTP/1.1 421 ");
        assertThat(raw(server, "GET / HTTP/1.0")).startsWith("HTTP/1.1 421 ");
        assertThat(raw(server, "GET / HTTP/1.1", "Host: localhost", "Host: evil.com"))
                .startsWith("HTTP/1.1 421 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET", "GET mailto:x HTTP/1.1", "OPTIONS * HTTP/1.1", "\u0000\u0001"})
    void nonsenseDoesNotEndTheServer(String line) throws Exception {
        StatusServer server = start(() -> SNAPSHOT);

        assertThat(raw(server, line, "Host: localhost")).doesNotContain("HTTP/1.1 200");
        assertThat(request(server, "GET", "/").statusCode()).isEqualTo(200);
    }

    @Test
    void aFailingSupplierGives500AndTheServerLives() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        StatusServer server = start(() -> {
            return switch (asked.incrementAndGet()) {
                case 1 -> throw new IllegalStateException("<secret>");
                case 2 -> throw new AssertionError("<secret>");
                default -> SNAPSHOT;
            };
        });

        for (int i = 0; i < 2; i++) {
            HttpResponse<String> answer = request(server, "GET", "/");
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).hasLineCount(1).doesNotContain("secret");
        }
        assertThat(request(server, "GET", "/").statusCode()).isEqualTo(200);
    }

    @Test
    void clientsThatNeverFinishTheirRequestHoldOthersUpOnlyUntilTheDeadline() throws Exception {
        StatusServer server = start(() -> SNAPSHOT, SOON);
        Socket one = send(server, "GET / HT");
        Socket other = send(server, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");

        assertThat(request(server, "GET", "/").statusCode()).isEqualTo(200);
        assertThat(untilEnd(one)).isEmpty();
        assertThat(untilEnd(other)).isEmpty();
    }

    @Test
    void clientsThatDoNotReadHoldOthersUpOnlyUntilTheDeadline() throws Exception {
        int size = 16 << 20; // more than the buffers of both sockets take
        Snapshot large = StatusSamples.of(StatusSamples.listening("x".repeat(size)));
        AtomicInteger asked = new AtomicInteger();
        StatusServer server = start(() -> asked.incrementAndGet() <= 2 ? large : SNAPSHOT, SOON);
        Socket one = send(server, "GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Socket other = send(server, "GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Await.until(() -> asked.get() == 2);

        assertThat(request(server, "GET", "/").statusCode()).isEqualTo(200);
        assertThat(untilEnd(one)).startsWith("HTTP/1.1 200 ").hasSizeLessThan(size);
        assertThat(untilEnd(other)).startsWith("HTTP/1.1 200 ").hasSizeLessThan(size);
    }

    @Test
    void aStuckSupplierHoldsOthersUpOnlyUntilTheDeadline() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch bothAreStuck = new CountDownLatch(2);
        Supplier<Snapshot> stuckTwice = () -> {
            if (asked.incrementAndGet() <= 2) {
                bothAreStuck.countDown();
                awaitOrFail(never);
            }
            return SNAPSHOT;
        };
        StatusServer server = start(stuckTwice, SOON);
        send(server, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        send(server, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        bothAreStuck.await();

        assertThat(request(server, "GET", "/").statusCode()).isEqualTo(200);
    }

    @Test
    void moreThanTheQueueHoldsIsTurnedAwayAtOnce() throws Exception {
        StatusServer server = start(() -> SNAPSHOT);
        int tooMany = 10;
        List<Socket> stuck = new ArrayList<>();
        for (int i = 0; i < StatusThreads.THREADS + StatusThreads.QUEUED + tooMany; i++) {
            stuck.add(send(server, "G"));
        }

        Await.until(() -> stuck.stream().filter(StatusServerTest::hasEnded).count() >= tooMany);
        server.close();
        Await.until(() -> stuck.stream().allMatch(StatusServerTest::hasEnded));
    }

    @Test
    void anAddressInUseIsNamedWithWhatToDo() throws Exception {
        InetSocketAddress taken = start(() -> SNAPSHOT).address();
        StatusServer second = new StatusServer(taken, () -> SNAPSHOT, new PlayedControls(), PlayedControls.TOKEN);
        servers.add(second);

        assertThatThrownBy(second::start)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1:" + taken.getPort() + ": ")
                .hasMessageContaining("listen = \"off\"")
                .hasMessageNotContaining("\n");
        servers.get(0).close();
        second.start();
        assertThat(request(second, "GET", "/").statusCode()).isEqualTo(200);
    }

    @Test
    void aNameThatIsNoAddressIsAnErrorToo() {
        StatusServer server = new StatusServer(
                InetSocketAddress.createUnresolved("no.such.host", 1),
                () -> SNAPSHOT,
                new PlayedControls(),
                PlayedControls.TOKEN);

        assertThatThrownBy(server::start).isInstanceOf(IOException.class).hasMessageContaining("no.such.host:1");
    }

    @Test
    void closeFreesThePortAndTheThreads() throws Exception {
        StatusServer server = start(() -> SNAPSHOT);
        InetSocketAddress address = server.address();
        request(server, "GET", "/");
        send(server, "G");
        assertThat(ownThreads()).isNotEmpty().allMatch(Thread::isDaemon);

        server.close();
        server.close();

        assertThatThrownBy(server::address).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new Socket(address.getAddress(), address.getPort()))
                .isInstanceOf(IOException.class);
        Await.until(() -> ownThreads().isEmpty());
        StatusServer next = new StatusServer(address, () -> SNAPSHOT, new PlayedControls(), PlayedControls.TOKEN);
        servers.add(next);
        next.start();
    }

    @Test
    void closeWithoutStartAndStartAfterClose() throws Exception {
        StatusServer server = new StatusServer(loopback(), () -> SNAPSHOT, new PlayedControls(), PlayedControls.TOKEN);
        servers.add(server);

        assertThatCode(server::close).doesNotThrowAnyException();
        server.start();
        assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
        assertThat(request(server, "GET", "/").statusCode()).isEqualTo(200);
    }

    private StatusServer start(Supplier<Snapshot> snapshot) throws IOException {
        return start(snapshot, Duration.ofSeconds(30));
    }

    private StatusServer start(Supplier<Snapshot> snapshot, Duration deadline) throws IOException {
        StatusServer server =
                new StatusServer(loopback(), snapshot, new PlayedControls(), PlayedControls.TOKEN, deadline);
        servers.add(server);
        server.start();
        return server;
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private HttpResponse<String> request(StatusServer server, String method, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(15))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private String raw(StatusServer server, String... lines) throws IOException {
        return untilEnd(send(server, String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n"));
    }

    private Socket send(StatusServer server, String text) throws IOException {
        Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort());
        sockets.add(socket);
        socket.setSoTimeout((int) Duration.ofSeconds(15).toMillis());
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private static String untilEnd(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketException reset) {
            return "";
        }
    }

    private static boolean hasEnded(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        } catch (IOException stillOpen) {
            return false;
        }
    }

    private static void awaitOrFail(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    private static List<Thread> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("wslproxy-status")
                        || thread.getName().equals("HTTP-Dispatcher"))
                .toList();
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static void assertHeadersAreSafe(HttpResponse<?> answer) {
        assertThat(header(answer, "Content-Security-Policy")).isEqualTo(StatusPage.SECURITY_POLICY);
        assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
        assertThat(header(answer, "Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.headers().map().keySet())
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control"));
    }
}
