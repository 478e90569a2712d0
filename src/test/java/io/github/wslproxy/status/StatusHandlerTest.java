package io.github.wslproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is answered, and under which names. */
class StatusHandlerTest extends StatusServerFixture {
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
}
