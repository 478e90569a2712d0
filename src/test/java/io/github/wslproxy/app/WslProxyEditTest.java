package io.github.wslproxy.app;

import static io.github.wslproxy.testing.Loopback.freePortOfBoth;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.StatusAnswer.ActionResult;
import io.github.wslproxy.status.StatusClient;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.RecordedEvents;
import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.slf4j.LoggerFactory;

/** What an edit of the configuration changes for those who are connected, and for who comes next. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = WslProxyFixture.NEEDS_LINUX)
class WslProxyEditTest extends WslProxyFixture {
    @Test
    void anEditedOnStoppedHoldsForTheNextClient() throws Exception {
        TcpPeer web = vm(FIRST, "first");
        int port = forward("web", "tcp", web.port());
        start();
        assertThat(greeting(port)).isEqualTo("refused");

        onStopped = "hold";
        assertThat(edit()).isEqualTo("[wsl] changed");
        CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> greetingOrFailure(port));
        Await.until(() -> view("web").open() == 1);
        onStopped = "refuse";
        edit();
        assertThat(greeting(port)).isEqualTo("refused");
        vmPrints(FIRST);

        assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("first");
    }

    @Test
    void editedLimitsHoldForNewLinksOfEveryForwardAndAreShown() throws Exception {
        TcpPeer echo = use(TcpPeer.at(FIRST, TcpPeer::echo));
        int web = forward("web", "tcp", echo.port());
        int ssh = forward("ssh", "tcp", echo.port());
        vmPrints(FIRST);
        limits = "max_connections = 2";
        start();
        Socket one = use(connect(web));
        Socket other = use(connect(ssh));
        assertThat(echoes(one)).isTrue();
        assertThat(echoes(other)).isTrue();
        assertThat(greeting(web)).isEqualTo("refused");
        assertThat(proxy().snapshot().limits()).contains(Map.entry("connections", new Snapshot.LimitView(2, 2, 1)));

        limits = "max_connections = 1\nmax_connecting = 5\nmax_sessions = 6\nmax_connection_rate_per_client = 0";
        assertThat(edit()).isEqualTo("[limits] changed");
        assertThat(greeting(ssh)).isEqualTo("refused");
        assertThat(echoes(one)).isTrue();
        assertThat(echoes(other)).isTrue();
        assertThat(proxy().snapshot().limits())
                .contains(
                        Map.entry("connections", new Snapshot.LimitView(2, 1, 2)),
                        Map.entry("connecting", new Snapshot.LimitView(0, 5, 0)),
                        Map.entry("sessions", new Snapshot.LimitView(0, 6, 0)),
                        Map.entry("rate", new Snapshot.LimitView(0, 0, 0)));

        limits = "";
        assertThat(edit()).isEqualTo("[limits] changed");
        assertThat(echoes(use(connect(web)))).isTrue();
        assertThat(proxy().snapshot().limits())
                .contains(
                        Map.entry("connections", new Snapshot.LimitView(3, 8192, 2)),
                        Map.entry("connecting", new Snapshot.LimitView(0, 1024, 0)),
                        Map.entry("sessions", new Snapshot.LimitView(0, 4096, 0)),
                        Map.entry("rate", new Snapshot.LimitView(0, 1000, 0)));
    }

    @Test
    void limitsThatTheMemoryDoesNotSufficeForAreSaidOnceAtTheStartAndOnceAfterAnEdit() throws Exception {
        TcpPeer web = vm(FIRST, "first");
        forward("web", "tcp", web.port());
        vmPrints(FIRST);
        Logger log = (Logger) LoggerFactory.getLogger(RunningRelays.class);
        ListAppender<ILoggingEvent> lines = new RecordedEvents();
        lines.start();
        log.addAppender(lines);
        try {
            start();
            assertThat(memoryWarnings(lines)).as("with the defaults").isEmpty();

            limits = "max_connections = 900_000";
            edit();
            onStopped = "hold";
            edit();
            assertThat(memoryWarnings(lines))
                    .singleElement()
                    .asString()
                    .startsWith("max_connections = 900000 in [limits] may need ")
                    .contains("Java permits 256 MiB");

            proxy().stop(Duration.ZERO);
            start();
            assertThat(memoryWarnings(lines)).hasSize(2);
        } finally {
            log.detachAppender(lines);
        }
    }

    /** Whoever takes the address that was left may have a page of it tell the token. */
    @Test
    void theTokenOfAStatusAddressIsWorthNothingAtTheNext() throws Exception {
        forward("web", "tcp", 8000);
        status = "127.0.0.1:" + freePortOfBoth();
        List<String> tokens = new CopyOnWriteArrayList<>();
        Supplier<String> kept = () -> {
            tokens.add(AdminToken.random());
            return tokens.get(tokens.size() - 1);
        };
        Path config = config();
        made = new WslProxy(ConfigFile.read(config), config, OwnCommand.OF_DEFAULT, kept);
        proxy().start();
        status = "127.0.0.1:" + freePortOfBoth();
        edit();

        StatusClient next = new StatusClient(new InetSocketAddress(LOOPBACK, statusPort()));
        assertThat(tokens).hasSize(2).doesNotHaveDuplicates();
        assertThat(next.post("token", "{}", tokens.get(0)))
                .isInstanceOfSatisfying(
                        ActionResult.class, result -> assertThat(result.done()).isFalse());
        assertThat(next.post("token", "{}", tokens.get(1)))
                .isInstanceOfSatisfying(
                        ActionResult.class, result -> assertThat(result.done()).isTrue());
    }

    private static List<String> memoryWarnings(ListAppender<ILoggingEvent> lines) {
        return lines.list.stream()
                .filter(line -> line.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains("direct memory"))
                .toList();
    }

    private static boolean echoes(Socket client) throws IOException {
        client.getOutputStream().write('x');
        return client.getInputStream().read() == 'x';
    }
}
