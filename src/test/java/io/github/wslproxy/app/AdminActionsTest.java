package io.github.wslproxy.app;

import static io.github.wslproxy.testing.Loopback.freePortOfBoth;
import static io.github.wslproxy.testing.Loopback.isGone;
import static io.github.wslproxy.testing.Loopback.listens;
import static io.github.wslproxy.testing.Loopback.openLink;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.app.ForwardSet.Share;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.status.AdminApi.ConnectionView;
import io.github.wslproxy.status.AdminApi.ShareRequest;
import io.github.wslproxy.status.Snapshot.ForwardState;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.Snapshot.Origin;
import io.github.wslproxy.status.StatusAnswer.ActionResult;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What may be done to a proxy that runs. Nothing listens in the VM at a port that is shared: it would hold the port
 * here.
 */
class AdminActionsTest {
    private static final String VM = "127.0.0.2";
    private static final Duration LONG = Duration.ofHours(2);

    @TempDir
    private Path folder;

    private volatile Instant now = Instant.parse("2026-11-22T12:00:00Z");
    private volatile long nanos;
    private final InstantSource time = () -> now;
    private final Clock clock = time.withZone(ZoneOffset.UTC);
    private TcpPeer server;
    private int web;
    private int port;
    private WslProxy proxy;
    private AdminActions controls;

    @BeforeEach
    void start() throws Exception {
        server = TcpPeer.at(VM, TcpPeer::echo);
        web = freePortOfBoth();
        port = freePortOfBoth();
        proxy = new WslProxy(ConfigFile.read(file("")));
        proxy.start();
        controls = new AdminActions(
                proxy.forwards(),
                proxy.relays(),
                () -> false,
                proxy::snapshot,
                OwnCommand.OF_DEFAULT,
                clock,
                () -> nanos,
                Duration.ofMillis(20));
    }

    private Path file(String more) throws Exception {
        return Files.writeString(folder.resolve("proxy.toml"), """
                [wsl]
                address = "%s"
                [defaults]
                allow = ["loopback"]
                [status]
                listen = "off"
                [[forward]]
                name = "web"
                listen = "127.0.0.1:%d"
                target = "wsl:%d"
                """.formatted(VM, web, server.port()) + more);
    }

    @AfterEach
    void stop() throws Exception {
        controls.close();
        proxy.stop(Duration.ZERO);
        server.close();
    }

    @Test
    void aPausedForwardAcceptsNobodyItsLinkLivesOnAndAnEditDoesNotWakeIt() throws Exception {
        try (Socket client = openLink(web)) {
            assertThat(controls.pause("web"))
                    .isEqualTo(ActionResult.done("[web] is paused; new connections are refused"));

            assertThat(answers(web)).isFalse();
            assertThat(view("web").state()).isEqualTo(ForwardState.PAUSED);
            client.getOutputStream().write(1);
            assertThat(client.getInputStream().read()).isOne();
            assertThat(view("web").open()).isOne();
            proxy.forwards().change(ConfigFile.read(file("idle_timeout = \"1h\"\n")));
            assertThat(answers(web)).isFalse();
            assertThat(listens(web)).as("the port stays its own").isTrue();

            assertThat(controls.resume("web").done()).isTrue();
            openLink(web).close();
            client.getOutputStream().write(2);
            assertThat(client.getInputStream().read()).isEqualTo(2);
        }
        assertThat(controls.pause("nobody"))
                .isEqualTo(ActionResult.refused("there is no forward nobody (there are web)"));
    }

    @Test
    void aSharedPortIsForwardedUntilItsTimeIsOver() throws Exception {
        ActionResult shared = share(port, Duration.ofSeconds(10));

        assertThat(shared).isEqualTo(ActionResult.done("[share-%d] shares tcp port %<d for 10s".formatted(port)));
        assertThat(listens(port)).isTrue();
        ForwardView view = view("share-" + port);
        assertThat(view.origin()).isEqualTo(Origin.SHARE);
        assertThat(view.endsAt()).contains(now.plusSeconds(10));

        now = now.plusSeconds(11);
        Await.until(() -> proxy.forwards().current().shares().isEmpty());
        Await.until(() -> !listens(port));
        openLink(web).close();
    }

    /** As by a computer that also runs another system, or by a time server. */
    @Test
    void aShareEndsInTimeThoughTheClockOfTheComputerIsSetBack() throws Exception {
        share(port, Duration.ofSeconds(10));
        now = now.minus(Duration.ofHours(1));
        nanos = Duration.ofSeconds(11).toNanos();

        Await.until(() -> proxy.forwards().current().shares().isEmpty());
        Await.until(() -> !listens(port));
    }

    @Test
    void aForwardThatCannotListenIsNotSaidToBeResumed() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            proxy.forwards()
                    .change(ConfigFile.read(
                            file("[[forward]]\nname = \"taken\"\nlisten = \"127.0.0.1:%d\"\ntarget = \"wsl:9\"\n"
                                    .formatted(other.getLocalPort()))));
            controls.pause("taken");

            assertThat(controls.resume("taken"))
                    .satisfies(result -> assertThat(result.done()).isFalse())
                    .satisfies(result -> assertThat(result.line()).contains("[taken] is resumed; but", "in use"));
        }
    }

    private static boolean answers(int port) {
        try {
            openLink(port).close();
            return true;
        } catch (IOException | AssertionError reset) {
            return false;
        }
    }

    @Test
    void aShareSurvivesAnEditAndEndsWhenTheFileTakesItsPort() throws Exception {
        share(port, LONG);
        proxy.forwards().change(ConfigFile.read(file("idle_timeout = \"1h\"\n")));
        assertThat(listens(port)).isTrue();

        proxy.forwards()
                .change(ConfigFile.read(
                        file("[[forward]]\nname = \"taken\"\nlisten = \"127.0.0.1:%d\"\ntarget = \"wsl:9\"\n"
                                .formatted(port))));

        assertThat(proxy.forwards().current().shares()).isEmpty();
        assertThat(view("taken").origin()).isEqualTo(Origin.FILE);
    }

    @Test
    void aShareCanBeStopped() throws Exception {
        share(port, LONG);

        assertThat(controls.stopShare("share-" + port).done()).isTrue();

        Await.until(() -> !listens(port));
        assertThat(controls.stopShare("share-" + port).done()).isFalse();
        assertThat(controls.stopShare("web").done()).isFalse();
    }

    @Test
    void theLinksOfAShareEndWithIt() throws Exception {
        proxy.forwards().change(ConfigFile.read(Files.writeString(folder.resolve("proxy.toml"), """
                [wsl]
                address = "127.0.0.1"
                [defaults]
                allow = ["loopback"]
                [status]
                listen = "off"
                [[forward]]
                name = "web"
                listen = "127.0.0.1:%d"
                target = "wsl:9"
                """.formatted(web))));
        try (TcpPeer echo = TcpPeer.playing(TcpPeer::echo)) {
            proxy.forwards()
                    .edit(live -> live.with(new Share(
                            new ShareRequest(port, Set.of(Protocol.TCP), LONG, List.of()),
                            Share.End.after(LONG, now, nanos),
                            Forwards.tcp()
                                    .listen("127.0.0.1", port)
                                    .toWsl(echo.port())
                                    .named("share-" + port))));
            try (Socket client = openLink(port)) {
                controls.stopShare("share-" + port);

                assertThat(isGone(client)).isTrue();
            }
        }
    }

    @Test
    void aPortThatIsForwardedAlreadyIsNotShared() {
        assertThat(share(web, LONG)).isEqualTo(ActionResult.refused("port " + web + " is forwarded already, by [web]"));
    }

    @ParameterizedTest
    @CsvSource({"PT9S", "P8D"})
    void aShareLastsTenSecondsToAWeek(Duration length) {
        assertThat(share(port, length).done()).isFalse();
        assertThat(proxy.forwards().current().shares()).isEmpty();
    }

    @Test
    void whoMayComeIsWiderThanTheDefaultsOnlyByAListTypedOutOrTheWordAny() {
        assertThat(share(port, List.of("private")).line())
                .startsWith("\"private\" lets in more than [defaults] allow does");
        assertThat(share(port, List.of("192.168.0.0/16", "100.64.1.2")).done()).isTrue();
        assertThat(share(port, List.of("nonsense")).line()).contains("is neither an address nor a block (expected ");
        assertThat(share(port, List.of("127.0.0.0/24")).done()).isTrue();
        assertThat(share(port, List.of("any")).done()).isTrue();
        assertThat(proxy.forwards().current().shares()).hasSize(1);
    }

    @Test
    void thereIsAMostNumberOfShares() throws Exception {
        for (int i = 0; i < 64; i++) {
            assertThat(share(freePortOfBoth(), LONG).done()).isTrue();
        }

        assertThat(share(port, LONG).line()).startsWith("there are 64 shares already");
    }

    @Test
    void aLinkCanBeEndedByTheNameItIsListedWith() throws Exception {
        try (Socket client = openLink(web)) {
            List<ConnectionView> links = controls.links("web").orElseThrow();
            assertThat(links).singleElement().extracting(ConnectionView::target).isEqualTo(VM + ":" + server.port());

            InetSocketAddress address = (InetSocketAddress) client.getLocalSocketAddress();
            assertThat(links.get(0).client()).isEqualTo("127.0.0.1:" + address.getPort());
            assertThat(controls.end("web", Protocol.TCP, address).done()).isTrue();
            assertThat(isGone(client)).isTrue();
            assertThat(controls.end("web", Protocol.TCP, address).done()).isFalse();
        }
        assertThat(controls.links("nobody")).isEmpty();
    }

    @Test
    void withAFixedAddressThereIsNothingToAsk() {
        assertThat(controls.probe().done()).isFalse();
    }

    private ActionResult share(int port, Duration length) {
        return controls.share(new ShareRequest(port, Set.of(Protocol.TCP), length, List.of()));
    }

    private ActionResult share(int port, List<String> allow) {
        return controls.share(new ShareRequest(port, Set.of(Protocol.TCP), LONG, allow));
    }

    private ForwardView view(String name) {
        return proxy.snapshot().forwards().stream()
                .filter(view -> view.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
