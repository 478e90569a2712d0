package io.github.wslproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.status.StatusAnswer.ActionResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may be done through the status address, and by whom. */
class StatusActionsTest {
    private final FakeAdminApi admin = new FakeAdminApi();
    private final StatusServer server = new StatusServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), StatusSamples::of, admin, FakeAdminApi.TOKEN);
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            pause   | {"forward": "vite"}                                                             | pause vite
            resume  | {"forward": "vite"}                                                             | resume vite
            unshare | {"name": "share-3000"}                                                          | unshare share-3000
            probe   | {}                                                                              | probe
            end     | {"forward": "vite", "protocol": "tcp", "client": "192.168.1.50:50123"}          | end vite tcp /192.168.1.50:50123
            end     | {"forward": "vite", "protocol": "udp", "client": "[2001:db8::7]:53"}            | end vite udp /[2001:db8:0:0:0:0:0:7]:53
            share   | {"port": 3000, "seconds": 7200}                                                 | ShareRequest[port=3000, protocols=[TCP], length=PT2H, allow=[]]
            share   | {"port": 3000, "seconds": 60, "protocol": "udp", "allow": ["192.168.1.0/24"]}   | ShareRequest[port=3000, protocols=[UDP], length=PT1M, allow=[192.168.1.0/24]]
            """)
    void whoKnowsTheTokenMayDoIt(String action, String body, String asked) throws Exception {
        HttpResponse<String> answer = client.send(post(action, body).build(), BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).startsWith("{\"done\":\"did: ");
        assertThat(admin.asked()).singleElement().asString().isEqualToIgnoringCase(asked);
    }

    @Test
    void whatIsRefusedIsSaidInOneLine() throws Exception {
        HttpResponse<String> answer =
                client.send(post("pause", "{\"forward\": \"no\"}").build(), BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).isEqualTo("{\"refused\":\"there is no forward no\"}\n");
    }

    @Test
    void withoutTheTokenNothingIsDone() throws Exception {
        assertThat(status(HttpRequest.newBuilder(uri("pause")).POST(BodyPublishers.ofString("{\"forward\": \"a\"}"))))
                .isEqualTo(403);
        assertThat(status(post("pause", "{\"forward\": \"a\"}").setHeader(AdminHandler.TOKEN, "0123456789abcdef")))
                .isEqualTo(403);
        assertThat(admin.asked()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1"})
    void aPageOfAnotherOriginDoesNothingEvenWithTheToken(String origin) throws Exception {
        assertThat(status(post("probe", "{}").header("Origin", origin))).isEqualTo(403);
        assertThat(admin.asked()).isEmpty();
    }

    /** The page asks before it takes another token for its own. */
    @Test
    void whetherATokenIsTheRightOneCanBeAskedWithoutDoingAnything() throws Exception {
        assertThat(status(post("token", "{}"))).isEqualTo(200);
        assertThat(status(post("token", "{}").setHeader(AdminHandler.TOKEN, "0".repeat(32))))
                .isEqualTo(403);
        assertThat(admin.asked()).isEmpty();
    }

    @Test
    void thePageItselfMay() throws Exception {
        assertThat(status(post("probe", "{}")
                        .header("Origin", "http://127.0.0.1:" + server.address().getPort())))
                .isEqualTo(200);
    }

    @Test
    void nothingIsDoneByAGet() throws Exception {
        assertThat(status(HttpRequest.newBuilder(uri("pause")).header(AdminHandler.TOKEN, FakeAdminApi.TOKEN)))
                .isEqualTo(405);
        assertThat(admin.asked()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            pause | nonsense                                                             | the body is no JSON object
            pause | []                                                                   | the body is no JSON object
            pause | {"forward": 7}                                                       | forward: expected a text
            share | {"port": 70000, "seconds": 60}                                       | port: expected a number from 1 to 65535
            share | {"port": 1}                                                          | seconds: expected a number
            share | {"port": 1, "seconds": 60, "protocol": "sctp"}                       | protocol: expected tcp or udp
            share | {"port": 1, "seconds": 60, "allow": "any"}                           | allow: expected an array of texts
            share | {"port": 1, "seconds": 60, "allow": [7]}                             | allow: expected an array of texts
            end   | {"forward": "a", "protocol": "tcp", "client": "localhost:1"}         | client: expected ADDRESS:PORT
            end   | {"forward": "a", "protocol": "tcp", "client": "10.0.0.1:99999"}      | client: expected ADDRESS:PORT
            """)
    void aBodyThatIsNotWhatTheActionNeedsIsNamed(String action, String body, String why) throws Exception {
        HttpResponse<String> answer = client.send(post(action, body).build(), BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains(why);
        assertThat(admin.asked()).isEmpty();
    }

    @Test
    void aBodyThatIsTooLongIsRefused() throws Exception {
        assertThat(status(post("pause", "x".repeat(40 << 10)))).isEqualTo(400);
    }

    @Test
    void theLinksOfAForwardAreTold() throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(uri("links?forward=vite%20a")).build(), BodyHandlers.ofString());

        assertThat(answer.body())
                .isEqualTo("{\"links\":[{\"protocol\":\"tcp\",\"client\":\"192.168.1.50:50123\","
                        + "\"target\":\"172.30.98.229:5173\",\"seconds\":61,\"bytes_in\":10,\"bytes_out\":2000}],"
                        + "\"more\":0}\n");
        assertThat(status(HttpRequest.newBuilder(uri("links?forward=no")))).isEqualTo(404);
        assertThat(status(HttpRequest.newBuilder(uri("links")))).isEqualTo(400);
    }

    @Test
    void theClientOfThisProgramIsAnsweredToo() {
        StatusClient status = new StatusClient(server.address());

        assertThat(status.post("pause", "{\"forward\": \"vite\"}", FakeAdminApi.TOKEN))
                .isEqualTo(ActionResult.done("did: pause vite"));
        assertThat(status.post("pause", "{\"forward\": \"no\"}", FakeAdminApi.TOKEN))
                .isEqualTo(ActionResult.refused("there is no forward no"));
        assertThat(status.post("pause", "{\"forward\": \"vite\"}", "wrong"))
                .isInstanceOfSatisfying(
                        ActionResult.class, result -> assertThat(result.done()).isFalse());
        server.close();
        assertThat(status.post("probe", "{}", FakeAdminApi.TOKEN)).isEqualTo(new StatusAnswer.Nobody());
    }

    private HttpRequest.Builder post(String action, String body) {
        return HttpRequest.newBuilder(uri(action))
                .header(AdminHandler.TOKEN, FakeAdminApi.TOKEN)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(15))
                .POST(BodyPublishers.ofString(body));
    }

    private int status(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString()).statusCode();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.address().getPort() + "/api/" + path);
    }
}
