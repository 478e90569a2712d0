package io.github.wslproxy.cli;

import static io.github.wslproxy.testing.Loopback.freePort;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.wslproxy.app.WslProxy;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.doctor.ChainLink;
import io.github.wslproxy.doctor.Diagnosis;
import io.github.wslproxy.doctor.Doctor;
import io.github.wslproxy.doctor.Finding;
import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.StatusAnswer;
import io.github.wslproxy.status.StatusClient;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.LoopbackVm;
import io.github.wslproxy.testing.RecordedEvents;
import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/**
 * One fault after another is provoked over real sockets, and the log, the status of the terminal, the document that the
 * page is made of, and the doctor are compared: each has the same text, and the same advice where there is one.
 */
@ExtendWith(LoopbackVm.class)
class OneFaultTest {
    @TempDir
    Path folder;

    private final RecordedEvents logged = new RecordedEvents();
    private final Logger relays = (Logger) LoggerFactory.getLogger("io.github.wslproxy.relay");
    private final List<Socket> clients = new ArrayList<>();
    private TcpPeer server;
    private int port;
    private int status;
    private Path config;
    private @Nullable WslProxy proxy;

    @BeforeEach
    void startServer() throws Exception {
        server = TcpPeer.playing(TcpPeer::echo);
        logged.start();
        relays.addAppender(logged);
        port = freePort();
        status = freePort();
        config = folder.resolve("proxy.toml");
    }

    @AfterEach
    void stopAll() throws Exception {
        relays.detachAppender(logged);
        for (Socket client : clients) {
            client.close();
        }
        if (proxy != null) {
            proxy.stop(Duration.ZERO);
        }
        server.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            denied         | deny = ["127.0.0.1"]                 | 127.0.0.1 is in deny of "web" (proxy.toml:8)
            not_allowed    | allow = ["192.168.1.0/24"]           | 127.0.0.1 is not in allow of "web" (["192.168.1.0/24"], proxy.toml:8)
            forward_limit  | max_connections = 1                  | limit reached: max_connections = 1 of "web"
            total_limit    | [limits] / max_connections = 1     | limit reached: [limits] max_connections = 1
            target_unknown | target = "nosuch.invalid:80"         | its target is not there: the name nosuch.invalid does not resolve
            target_down    | [wsl] / command = ["true"]           | its target is not there
            connect_failed | target = "127.0.0.1:1"               | cannot connect to 127.0.0.1:1: Connection refused
            """)
    void isToldInTheSameWordsEverywhere(String code, String lines, String text) throws Exception {
        start(lines.replace(" / ", "\n"));
        provoke();

        ForwardView view = view();
        Snapshot.LastProblem problem = view.lastProblem().orElseThrow();
        assertThat(problem.code()).map(Object::toString).contains(code);
        assertThat(problem.text()).startsWith(text);
        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .contains("[web] " + problem.client() + " tcp refused: " + problem.text());
        String advice = problem.cure().isEmpty()
                ? "to see why: " + commands().line("doctor", "web")
                : "to fix it: " + problem.cure();
        assertThat(terminal()).contains("refused " + problem.client() + ": " + problem.text() + "; " + advice);
        JsonObject page = document().getAsJsonObject("last_problem");
        assertThat(page.get("text").getAsString()).isEqualTo(problem.text());
        assertThat(page.get("code").getAsString()).isEqualTo(code);
        assertThat(page.get("cure").isJsonNull() ? "" : page.get("cure").getAsString())
                .isEqualTo(problem.cure());
        Finding found = finding();
        assertThat(found.seen()).isEqualTo("refused " + problem.client() + ": " + problem.text());
        assertThat(found.cure() + found.note()).endsWith(problem.cure());
    }

    private void start(String lines) throws Exception {
        String target = lines.contains("target") ? "" : "target = \"wsl:" + server.port() + "\"";
        String wsl = lines.contains("[wsl]") ? "" : "[wsl]\ncommand = [\"echo\", \"127.0.0.1\"]\n";
        Files.writeString(config, """
                [status]
                listen = "127.0.0.1:%d"

                [[forward]]
                name   = "web"
                listen = "127.0.0.1:%d"
                %s
                %s
                %s
                """.formatted(status, port, target, lines, wsl));
        WslProxy started = new WslProxy(ConfigFile.read(config));
        proxy = started;
        started.start();
    }

    /** The second of two clients is one too many, where one is allowed. */
    private void provoke() throws Exception {
        for (int i = 0; i < 2; i++) {
            connect();
            Await.until(() -> view().accepted() + view().refused() == clients.size());
        }
    }

    private void connect() throws IOException {
        clients.add(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    private Snapshot snapshot() {
        StatusAnswer answer = new StatusClient(new InetSocketAddress(InetAddress.getLoopbackAddress(), status)).ask();
        return ((StatusAnswer.Running) answer).snapshot();
    }

    private ForwardView view() {
        return snapshot().forwards().get(0);
    }

    private OwnCommand commands() {
        return OwnCommand.naming(config);
    }

    private String terminal() {
        return String.join(
                "\n",
                new StatusView(snapshot(), Optional.empty(), Instant.EPOCH, ZoneOffset.UTC, commands()).lines(10_000));
    }

    private JsonObject document() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + status + "/api/status"))
                .build();
        String json = HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body();
        return JsonParser.parseString(json)
                .getAsJsonObject()
                .getAsJsonArray("forwards")
                .get(0)
                .getAsJsonObject();
    }

    private Finding finding() throws Exception {
        Diagnosis diagnosis = Doctor.ofThisComputer().examine(config, Optional.of("web"));
        return diagnosis.findings().stream()
                .filter(finding -> finding.link() == ChainLink.LAST_PROBLEM)
                .findFirst()
                .orElseThrow();
    }
}
