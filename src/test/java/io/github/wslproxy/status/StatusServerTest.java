package io.github.wslproxy.status;

import io.github.wslproxy.status.StatusAnswer.ActionResult;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import io.github.wslproxy.testing.Await;
import java.io.IOException;
import java.io.OutputStream;
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

    private static final StatusServer.Limits SOON = StatusServer.Limits.USUAL.within(Duration.ofSeconds(1));
    private static final StatusServer.Limits PATIENT = StatusServer.Limits.USUAL.within(Duration.ofSeconds(30));
    private static final StatusServer.Limits ONE_SNAPSHOT = PATIENT.every(Duration.ofHours(1));
    private static final int CONNECTIONS = StatusServer.Limits.USUAL.connections();

    private final HttpClient client = HttpClient.newHttpClient();
    private final FakeAdminApi controls = new FakeAdminApi();
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

    /** Whether or not the status can be read, as the page says that, too. */
    @Test
    void thePageIsAlwaysThere() throws Exception {
        StatusServer server = start(() -> {
            throw new IllegalStateException("no status");
        });

        HttpResponse<String> answer = request(server, "GET", "/");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(answer.body()).isEqualTo(StatusPage.DOCUMENT);
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

        assertThat(raw(server, "GET /api/status HTTP/1.1")).startsWith("HTTP/1.1 421 ");
        assertThat(raw(server, "GET /api/status HTTP/1.0")).startsWith("HTTP/1.1 421 ");
        assertThat(raw(server, "GET /api/status HTTP/1.1", "Host: localhost", "Host: evil.com"))
                .startsWith("HTTP/1.1 421 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET", "GET mailto:x HTTP/1.1", "OPTIONS * HTTP/1.1", "\u0000\u0001"})
    void nonsenseDoesNotEndTheServer(String line) throws Exception {
        StatusServer server = start(() -> SNAPSHOT);

        assertThat(raw(server, line, "Host: localhost")).doesNotContain("HTTP/1.1 200");
        assertThat(request(server, "GET", "/api/status").statusCode()).isEqualTo(200);
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
            HttpResponse<String> answer = request(server, "GET", "/api/status");
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).hasLineCount(1).doesNotContain("secret");
        }
        assertThat(request(server, "GET", "/api/status").statusCode()).isEqualTo(200);
    }

    @Test
    void clientsThatNeverFinishTheirRequestHoldOthersUpOnlyUntilTheDeadline() throws Exception {
        StatusServer server = start(() -> SNAPSHOT, SOON);
        Socket one = send(server, "GET / HT");
        Socket other = send(server, "GET /api/status HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");

        assertThat(request(server, "GET", "/api/status").statusCode()).isEqualTo(200);
        assertThat(untilEnd(one)).isEmpty();
        assertThat(untilEnd(other)).isEmpty();
    }

    @Test
    void clientsThatDoNotReadHoldNobodyUpAndAreClosedAtTheDeadline() throws Exception {
        String more = "x".repeat(16 << 20); // than the buffers of both sockets take
        Snapshot large = StatusSamples.of(StatusSamples.listening(more));
        AtomicInteger asked = new AtomicInteger();
        // To make so much text takes its time, too.
        StatusServer.Limits soon = StatusServer.Limits.USUAL.within(Duration.ofSeconds(3));
        StatusServer server = start(() -> asked.incrementAndGet() <= 2 ? large : SNAPSHOT, soon);
        Socket one = send(server, "GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Socket other = send(server, "GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n");
        for (Socket socket : List.of(one, other)) {
            assertThat(new String(socket.getInputStream().readNBytes(13), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 200 ");
        }

        assertThat(request(server, "GET", "/api/status").statusCode()).isEqualTo(200);
        Await.until(() -> isReset(one));
        Await.until(() -> isReset(other));
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
        send(server, "GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n");
        send(server, "GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n");
        bothAreStuck.await();

        assertThat(request(server, "GET", "/api/status").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "G",
                "GET /api/status HTTP/1.1\r\nHost: localhost\r\n",
                "GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n"
            })
    void whoHoldsEveryConnectionOpenHoldsNobodyUp(String sent) throws Exception {
        StatusServer server = start(() -> SNAPSHOT);
        List<Socket> held = new ArrayList<>();
        for (int i = 0; i < 2 * CONNECTIONS; i++) {
            held.add(send(server, sent));
        }

        for (int i = 0; i < 5; i++) {
            assertThat(raw(server, "GET /metrics HTTP/1.1", "Host: localhost")).startsWith("HTTP/1.1 200 ");
        }
        Await.until(() -> held.stream().filter(StatusServerTest::hasEnded).count() >= CONNECTIONS);
        server.close();
        Await.until(() -> held.stream().allMatch(StatusServerTest::hasEnded));
    }

    @Test
    void atTheCapTheConnectionGivesWayThatHasWaitedLongestForItsClient() throws Exception {
        StatusServer server = start(() -> SNAPSHOT);
        Socket oldest = send(server, "G");
        Socket active = send(server, "");
        for (int i = 2; i < CONNECTIONS; i++) {
            send(server, "G");
        }
        assertThat(ask(active)).startsWith("HTTP/1.1 200 ");
        send(server, "G");

        assertThat(untilEnd(oldest)).isEmpty();
        assertThat(ask(active)).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void aConnectionThatSaysNothingIsClosed() throws Exception {
        StatusServer.Limits impatient =
                new StatusServer.Limits(CONNECTIONS, Duration.ofMillis(200), PATIENT.deadline(), PATIENT.period());
        StatusServer server = start(() -> SNAPSHOT, impatient);

        assertThat(untilEnd(send(server, ""))).isEmpty();
    }

    @Test
    void aFloodOfRequestsTakesFewSnapshotsAndIsAnswered() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        StatusServer server = start(
                () -> {
                    asked.incrementAndGet();
                    return SNAPSHOT;
                },
                ONE_SNAPSHOT);

        for (int i = 0; i < 100; i++) {
            for (String path :
                    List.of("/", "/api/status", "/metrics", "/api/qr?url=http%3A%2F%2F192.168.1.7%3A5173%2F")) {
                assertThat(request(server, "GET", path).statusCode()).isEqualTo(200);
            }
        }
        assertThat(asked.get()).isLessThanOrEqualTo(5);
    }

    @Test
    void aFloodOfRequestsForConnectionsLooksAtThemAFewTimes() throws Exception {
        StatusServer server = start(() -> SNAPSHOT, ONE_SNAPSHOT);

        for (int i = 0; i < 100; i++) {
            HttpResponse<String> answer = request(server, "GET", "/api/links?forward=vite");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("192.168.1.50:50123");
        }
        assertThat(controls.looks()).isEqualTo(5);
        assertThat(request(server, "GET", "/api/links?forward=other").statusCode())
                .isEqualTo(429);
    }

    @Test
    void whatAnActionHasChangedIsSeenAtOnce() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        StatusServer server =
                start(() -> StatusSamples.of(StatusSamples.listening("n" + asked.incrementAndGet())), ONE_SNAPSHOT);
        for (int i = 0; i < 10; i++) {
            request(server, "GET", "/metrics");
        }
        assertThat(request(server, "GET", "/metrics").body()).contains("\"n5\"");

        assertThat(new StatusClient(server.address()).post("pause", "{\"forward\": \"a\"}", FakeAdminApi.TOKEN))
                .isEqualTo(ActionResult.done("did: pause a"));
        assertThat(request(server, "GET", "/metrics").body()).contains("\"n6\"");
        server.changed();
        assertThat(request(server, "GET", "/metrics").body()).contains("\"n7\"");
        assertThat(request(server, "GET", "/metrics").body()).contains("\"n7\"");
    }

    @Test
    void answersOnOneConnectionFollowEachOtherAtOnce() throws Exception {
        StatusServer server = start(() -> SNAPSHOT);
        Socket socket = send(server, "");
        ask(socket);
        long began = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            assertThat(ask(socket)).startsWith("HTTP/1.1 200 ");
        }
        // With Nagle's algorithm each would wait for a delayed acknowledgement, 40 ms.
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void aClientThatEndsItsSideWithTheRequestIsAnswered() throws Exception {
        Socket socket = send(start(() -> SNAPSHOT), "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
        socket.shutdownOutput();

        assertThat(untilEnd(socket)).startsWith("HTTP/1.1 200 ").contains("wslproxy_info");
    }

    /** Answers that are at hand are sent before the second request is looked at, others after it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 10})
    void aRequestBehindAnotherOneIsNotAnsweredButTheFirstIs(int askedBefore) throws Exception {
        StatusServer server = start(
                () -> SNAPSHOT,
                new StatusServer.Limits(CONNECTIONS, Duration.ofHours(1), PATIENT.deadline(), ONE_SNAPSHOT.period()));
        for (int i = 0; i < askedBefore; i++) {
            request(server, "GET", "/metrics");
        }
        String one = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
        Socket socket = send(server, one + one.replace("localhost", "evil.example") + one);

        assertThat(untilEnd(socket)).startsWith("HTTP/1.1 200 ").containsOnlyOnce("HTTP/1.1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET foo:bar HTTP/1.1                         | 400
            GET mailto:x HTTP/1.1                        | 400
            GET /a^b HTTP/1.1                            | 400
            GET  / HTTP/1.1                              | 400
            GET /  HTTP/1.1                              | 400
            GET /api/status HTTP/2.0                               | 505
            GET /api/status HTTP/1.1~Transfer-Encoding: chunked    | 411
            GET /api/status HTTP/1.1~Content-Length: 1, 1          | 400
            GET /api/status HTTP/1.1~Content-Length: 1~Content-Length: 2 | 400
            GET /api/status HTTP/1.1~Content-Length: -1            | 400
            GET /api/status HTTP/1.1~Content-Length: 99999         | 400
            GET /api/status HTTP/1.1~X : y                         | 400
            CONNECT localhost:80 HTTP/1.1                | 400
            """)
    void whatIsNotToBeUnderstoodIsAnsweredAndTheConnectionClosed(String head, int status) throws Exception {
        String[] lines = (head + "~Host: localhost").split("~");
        Socket socket =
                send(start(() -> SNAPSHOT), String.join("\r\n", lines) + "\r\n\r\nGET /api/status HTTP/1.1\r\n\r\n");

        assertThat(untilEnd(socket)).startsWith("HTTP/1.1 " + status + " ").containsOnlyOnce("HTTP/1.1");
    }

    @ParameterizedTest
    @CsvSource({"GET /, 414", "GET /api/status HTTP/1.1~X: , 431"})
    void aRequestThatIsTooLongIsAnsweredAndItsRestNotKept(String beginning, int status) throws Exception {
        Socket socket = send(start(() -> SNAPSHOT), beginning.replace("~", "\r\n") + "a".repeat(60_000));

        assertThat(untilEnd(socket)).startsWith("HTTP/1.1 " + status + " ");
    }

    @Test
    void aClientOfAnOlderHttpIsAnsweredAndMayGoOn() throws Exception {
        StatusServer server = start(() -> SNAPSHOT);
        Socket ends = send(server, "GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n");
        assertThat(untilEnd(ends)).contains("\r\nConnection: close\r\n", "wslproxy_info");

        Socket goesOn = send(server, "GET /x HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n");
        assertThat(answer(goesOn)).contains("\r\nConnection: keep-alive\r\n");
        assertThat(ask(goesOn)).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void aBodyIsAskedForWhereTheClientWaitsForThat() throws Exception {
        String head = "POST /api/probe HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n"
                + AdminHandler.TOKEN + ": " + FakeAdminApi.TOKEN + "\r\n\r\n";
        Socket socket = send(start(() -> SNAPSHOT), head);

        assertThat(new String(socket.getInputStream().readNBytes(25), StandardCharsets.US_ASCII))
                .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
        socket.getOutputStream().write("{}".getBytes(StandardCharsets.US_ASCII));
        assertThat(answer(socket)).startsWith("HTTP/1.1 200 ").endsWith("{\"done\":\"did: probe\"}\n");
    }

    @Test
    void anAddressInUseIsNamedWithWhatToDo() throws Exception {
        InetSocketAddress taken = start(() -> SNAPSHOT).address();
        StatusServer second = new StatusServer(taken, () -> SNAPSHOT, new FakeAdminApi(), FakeAdminApi.TOKEN);
        servers.add(second);

        assertThatThrownBy(second::start)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1:" + taken.getPort() + ": ")
                .hasMessageContaining("listen = \"off\"")
                .hasMessageNotContaining("\n");
        servers.get(0).close();
        second.start();
        assertThat(request(second, "GET", "/api/status").statusCode()).isEqualTo(200);
    }

    @Test
    void aNameThatIsNoAddressIsAnErrorToo() {
        StatusServer server = new StatusServer(
                InetSocketAddress.createUnresolved("no.such.host", 1),
                () -> SNAPSHOT,
                new FakeAdminApi(),
                FakeAdminApi.TOKEN);

        assertThatThrownBy(server::start).isInstanceOf(IOException.class).hasMessageContaining("no.such.host:1");
    }

    @Test
    void closeFreesThePortAndTheThreads() throws Exception {
        StatusServer server = start(() -> SNAPSHOT);
        InetSocketAddress address = server.address();
        request(server, "GET", "/api/status");
        send(server, "G");
        assertThat(ownThreads()).isNotEmpty().allMatch(Thread::isDaemon);

        server.close();
        server.close();

        assertThatThrownBy(server::address).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new Socket(address.getAddress(), address.getPort()))
                .isInstanceOf(IOException.class);
        Await.until(() -> ownThreads().isEmpty());
        StatusServer next = new StatusServer(address, () -> SNAPSHOT, new FakeAdminApi(), FakeAdminApi.TOKEN);
        servers.add(next);
        next.start();
    }

    /** The JDK closes a socket only when its selector is asked again. */
    @Test
    void whenItIsClosedNobodyIsAcceptedAnyMore() throws Exception {
        for (int i = 0; i < 50; i++) {
            StatusServer server = start(() -> SNAPSHOT);
            InetSocketAddress address = server.address();
            server.close();
            assertThatThrownBy(() -> new Socket(address.getAddress(), address.getPort()))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void closeWithoutStartAndStartAfterClose() throws Exception {
        StatusServer server = new StatusServer(loopback(), () -> SNAPSHOT, new FakeAdminApi(), FakeAdminApi.TOKEN);
        servers.add(server);

        assertThatCode(server::close).doesNotThrowAnyException();
        server.start();
        assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
        assertThat(request(server, "GET", "/api/status").statusCode()).isEqualTo(200);
    }

    private StatusServer start(Supplier<Snapshot> snapshot) throws IOException {
        return start(snapshot, PATIENT);
    }

    private StatusServer start(Supplier<Snapshot> snapshot, StatusServer.Limits limits) throws IOException {
        StatusServer server = new StatusServer(loopback(), snapshot, controls, FakeAdminApi.TOKEN, limits);
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

    private static String ask(Socket socket) throws IOException {
        socket.getOutputStream()
                .write("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return answer(socket);
    }

    /** One answer, after which the connection may go on. */
    private static String answer(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("ended within the head: " + head);
            }
            head.append((char) next);
        }
        int length = Integer.parseInt(head.toString().replaceAll("(?s).*\r\nContent-Length: (\\d+)\r\n.*", "$1"));
        return head + new String(socket.getInputStream().readNBytes(length), StandardCharsets.UTF_8);
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
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (SocketException reset) {
            return true;
        } catch (IOException stillOpen) {
            return false;
        }
    }

    private static boolean isReset(Socket socket) {
        try {
            socket.getOutputStream().write('x');
            return false;
        } catch (IOException reset) {
            return true;
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
                .filter(thread -> thread.getName().startsWith("wslproxy-status"))
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
