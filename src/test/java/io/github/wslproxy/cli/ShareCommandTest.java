package io.github.wslproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.status.StatusSamples;
import io.github.wslproxy.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What changes the running proxy: share, pause, resume, and the page that may. */
@Timeout(60)
class ShareCommandTest {
    @TempDir
    Path folder;

    private FakeProxy proxy;

    @BeforeEach
    void prepare() throws Exception {
        proxy = new FakeProxy(folder);
    }

    @AfterEach
    void close() {
        proxy.close();
    }

    private int share(String line) {
        return proxy.run(
                new ShareCommand(proxy.state, new QrOption(() -> Optional.of(TerminalQrCode.Style.LIGHT_TEXT))),
                line.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "share 3000; ShareRequest[port=3000, protocols=[tcp], length=PT2H, allow=[]]",
                "share 3000 --for 90s --udp; ShareRequest[port=3000, protocols=[udp], length=PT1M30S, allow=[]]",
                "share 1 --for 10100ms --allow 10.0.0.0/8 --allow loopback;"
                        + " ShareRequest[port=1, protocols=[tcp], length=PT11S, allow=[10.0.0.0/8, loopback]]",
            })
    void asksForWhatWasTyped(String line, String asked) throws Exception {
        proxy.runs(StatusSamples.of());

        assertThat(share(line)).isZero();
        assertThat(proxy.admin.asked()).containsExactly(asked);
        assertThat(proxy.out.toString()).contains("did: " + asked);
    }

    @Test
    void bothProtocolsAreOneShare() throws Exception {
        proxy.runs(StatusSamples.of());

        assertThat(share("share 3000 --tcp --udp")).isZero();
        assertThat(proxy.admin.asked()).singleElement().asString().contains("tcp", "udp");
    }

    @Test
    void showsWhereThePortIsFoundWithAQrCodeAndWhenThatEnds() throws Exception {
        proxy.runs(StatusSamples.of(StatusSamples.listening("share-5173")));

        assertThat(share("share 5173")).isZero();
        assertThat(proxy.out.toString())
                .contains("##  ##")
                .contains("http://192.168.1.7:5173/")
                .containsPattern(
                        "It ends at 2026-11-2\\d \\d\\d:\\d\\d:03\\. To end it sooner: wslproxy share --stop share-5173 --config ");
    }

    @Test
    void listsWhatIsShared() throws Exception {
        proxy.runs(StatusSamples.of(StatusSamples.listening("share-5173"), StatusSamples.failed("web")));

        assertThat(share("share --list")).isZero();
        assertThat(proxy.out.toString())
                .containsPattern("share-5173 +tcp +private +")
                .doesNotContain("web");
    }

    @Test
    void anEmptyListSaysSo() throws Exception {
        proxy.runs(StatusSamples.of());

        assertThat(share("share --list")).isZero();
        assertThat(proxy.out.toString()).isEqualToIgnoringNewLines("Nothing is shared.");
    }

    /** A port may be shared twice, by TCP and by UDP. */
    @Test
    void aPortStopsWhateverIsSharedOfIt() throws Exception {
        proxy.runs(StatusSamples.of(StatusSamples.listening("share-53"), StatusSamples.listening("share-53-udp")));

        assertThat(share("share --stop 53")).isZero();
        assertThat(proxy.admin.asked()).containsExactly("unshare share-53", "unshare share-53-udp");
    }

    @Test
    void aRefusalIsOneLineAndStatusOne() throws Exception {
        proxy.runs(StatusSamples.of());

        assertThat(share("share --stop no")).isEqualTo(1);
        assertThat(proxy.err.toString()).isEqualToIgnoringNewLines("wslproxy: there is no forward no");
        assertThat(proxy.out.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "share",
                "share 3000 --list",
                "share --list --udp",
                "share --stop 3000 --for 2h",
                "share 70000",
                "share 0",
                "share vite",
                "share 3000 --for soon"
            })
    void wrongUsageIsStatusTwoAndAsksNobody(String line) throws Exception {
        proxy.runs(StatusSamples.of());

        assertThat(share(line)).isEqualTo(2);
        assertThat(proxy.admin.asked()).isEmpty();
        assertThat(proxy.err.toString().lines()).hasSize(1);
    }

    @Test
    void whereNoneRunsThisWindowSharesThePortUntilItIsInterrupted() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Thread window = Thread.currentThread();
        FutureTask<Boolean> client = new FutureTask<>(() -> {
            try {
                Await.until(() -> proxy.out.toString().contains("It ends at "));
                return connects(port);
            } finally {
                window.interrupt();
            }
        });
        new Thread(client).start();

        assertThat(share("share " + port + " --allow loopback")).isZero();
        assertThat(client.get()).isTrue();
        assertThat(proxy.out.toString())
                .contains("No wslproxy is running, so this window shares the port; Ctrl-C ends it.")
                .contains(", or with Ctrl-C.")
                .endsWith("The port is no longer shared." + System.lineSeparator())
                .doesNotContain("--stop");
        assertThat(connects(port)).isFalse();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whereWslTakesItsTimeToAnswerThisWindowSharesThePortAllTheSame() throws Exception {
        Files.writeString(proxy.config, """
                [wsl]
                command = ["sh", "-c", "sleep 2.6; echo 192.168.77.5"]
                [status]
                listen = "127.0.0.1:%d"
                [[forward]]
                port = 1
                enabled = false
                """.formatted(proxy.address.getPort()));
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Thread window = Thread.currentThread();
        FutureTask<Boolean> client = new FutureTask<>(() -> {
            try {
                Await.until(() -> proxy.out.toString().contains("It ends at "));
                return connects(port);
            } finally {
                window.interrupt();
            }
        });
        new Thread(client).start();

        assertThat(share("share " + port + " --allow loopback")).isZero();
        assertThat(client.get()).isTrue();
        assertThat(proxy.out.toString())
                .contains("[share-" + port + "] shares tcp port " + port + " for 2h")
                .doesNotContain("under way");
    }

    private static boolean connects(int port) {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return client.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void withoutAConfigurationItSaysHowWslIsFound() throws Exception {
        Files.delete(proxy.config);

        assertThat(share("share 3000")).isEqualTo(1);
        assertThat(proxy.err.toString())
                .contains("outside Windows it cannot find WSL by itself", "wslproxy init --config " + proxy.config);
    }

    /** It could be a program of another user, who would have the token of this one from then on. */
    @Test
    void whoeverTookThePortIsNotGivenTheToken() throws Exception {
        proxy.answers(StatusSamples.of());

        assertThat(share("share 3000")).isEqualTo(1);
        assertThat(proxy.admin.asked()).isEmpty();
        assertThat(proxy.err.toString())
                .contains("wslproxy (pid 4321) on ", " is not known to run " + proxy.config)
                .contains("--config");
        assertThat(proxy.run(new PageCommand(proxy.state, browser()), "page")).isEqualTo(1);
        assertThat(proxy.out.toString()).isEmpty();
    }

    @Test
    void aForwardIsPausedAndResumedByItsName() throws Exception {
        proxy.runs(StatusSamples.of());

        assertThat(proxy.run(new PauseCommand(proxy.state), "pause", "vite")).isZero();
        assertThat(proxy.run(new ResumeCommand(proxy.state), "resume", "vite")).isZero();
        assertThat(proxy.run(new ResumeCommand(proxy.state), "resume", "no")).isEqualTo(1);
        assertThat(proxy.admin.asked()).containsExactly("pause vite", "resume vite", "resume no");
        assertThat(proxy.err.toString()).isEqualToIgnoringNewLines("wslproxy: there is no forward no");
    }

    // ---- page

    private final List<List<String>> started = new ArrayList<>();

    private Browser browser() {
        return new Browser(false, name -> Optional.of("/usr/bin/" + name), (command, at) -> started.add(command));
    }

    private String url() {
        return "http://127.0.0.1:" + proxy.address.getPort() + "/#token=" + proxy.token;
    }

    @Test
    void thePageIsPrintedWithTheTokenAndNothingIsStarted() throws Exception {
        proxy.runs(StatusSamples.of());

        assertThat(proxy.run(new PageCommand(proxy.state, browser()), "page")).isZero();
        assertThat(proxy.out.toString()).isEqualToIgnoringNewLines(url());
        assertThat(started).isEmpty();
    }

    /** Arguments of a process are for everybody to read, but not on Windows. */
    @Test
    void theBrowserGetsTheTokenByAFileOfThisUserElsewhereThanOnWindows() throws Exception {
        proxy.runs(StatusSamples.of());

        assertThat(proxy.run(new PageCommand(proxy.state, browser()), "page", "--open"))
                .isZero();
        Path file = proxy.state.path().resolve("page.html");
        assertThat(started).containsExactly(List.of("/usr/bin/xdg-open", file.toString()));
        assertThat(file).content().contains("url=" + url() + "\"");
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void onWindowsTheBrowserGetsTheUrl() throws Exception {
        proxy.runs(StatusSamples.of());
        Browser browser = new Browser(
                true,
                name -> Optional.of("C:\\Windows\\System32\\" + name + ".exe"),
                (command, at) -> started.add(command));

        assertThat(proxy.run(new PageCommand(proxy.state, browser), "page", "--open"))
                .isZero();
        assertThat(started)
                .containsExactly(List.of("C:\\Windows\\System32\\rundll32.exe", "url.dll,FileProtocolHandler", url()));
    }

    @Test
    void withoutABrowserTheUrlIsThereAllTheSame() throws Exception {
        proxy.runs(StatusSamples.of());
        Browser none = new Browser(false, name -> Optional.empty(), (command, at) -> started.add(command));

        assertThat(proxy.run(new PageCommand(proxy.state, none), "page", "--open"))
                .isEqualTo(1);
        assertThat(proxy.out.toString()).contains(url());
        assertThat(proxy.err.toString()).contains("no browser could be started").doesNotContain("token");
    }
}
