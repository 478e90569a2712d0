package io.github.wslproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may send, how long it may take, and what it gets. */
class StatusConnectionTest extends StatusServerFixture {
    @ParameterizedTest
    @ValueSource(strings = {"", "GET", "GET mailto:x HTTP/1.1", "OPTIONS * HTTP/1.1", "\u0000\u0001"})
    void nonsenseDoesNotEndTheServer(String line) throws Exception {
        StatusServer server = start(() -> SNAPSHOT);

        assertThat(raw(server, line, "Host: localhost")).doesNotContain("HTTP/1.1 200");
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
        StatusServer.Limits soon = StatusSamples.within(Duration.ofSeconds(3));
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
    void answersOnOneConnectionFollowEachOtherAtOnce() throws Exception {
        StatusServer server = start(() -> SNAPSHOT);
        Socket socket = send(server, "");
        ask(socket);
        long began = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            assertThat(ask(socket)).startsWith("HTTP/1.1 200 ");
        }
        // Nagle's algorithm would make each wait 40 ms for a delayed acknowledgement.
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
}
