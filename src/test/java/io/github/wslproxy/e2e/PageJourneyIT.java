package io.github.wslproxy.e2e;

import static io.github.wslproxy.testing.Loopback.freePort;
import static io.github.wslproxy.testing.Loopback.isGone;
import static io.github.wslproxy.testing.Loopback.listens;
import static io.github.wslproxy.testing.Loopback.openLink;
import static io.github.wslproxy.testing.Loopback.turnsAway;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Browser;
import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The page of the packaged program in a real browser, while its VM moves and its clients come and go. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs cat, and loopback addresses for a pretend VM")
@Timeout(120)
class PageJourneyIT {
    private static final String FIRST = "127.0.0.2";
    private static final String SECOND = "127.0.0.3";
    private static final Duration PROMISED = Duration.ofSeconds(2);

    @TempDir
    Path folder;

    private TcpPeer first;
    private TcpPeer second;
    private Program program;
    private Browser browser;
    private int port;
    private String page;

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(Browser.isThere(), Browser.MISSING);
        first = TcpPeer.at(FIRST, TcpPeer::echo);
        second = TcpPeer.atPort(SECOND, first.port(), TcpPeer::echo);
        port = freePort();
        int status = freePort();
        page = "http://127.0.0.1:" + status + "/";
        vmIsAt(FIRST);
        configure(status, port);
        String config = folder.resolve("proxy.toml").toString();
        program = new Program(folder, "--config", config).awaitStart();
        browser = Browser.start();
        browser.open(Program.run("page", "--config", config).orFail().out().strip());
        Await.until(() -> browser.text("[data-slot=connection]").equals("live"));
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable started : new AutoCloseable[] {browser, program, first, second}) {
            if (started != null) {
                started.close();
            }
        }
    }

    @Test
    void aMoveAndTrafficAreShownWithinTwoSeconds() throws Exception {
        assertThat(browser.text("[data-slot=targetAddress]")).isEqualTo(FIRST);

        vmIsAt(SECOND);
        within(PROMISED, () -> browser.text("[data-slot=targetAddress]").equals(SECOND));
        Await.until(() -> browser.text("[data-slot=events]").contains(SECOND));

        try (Socket client = openLink(port)) {
            client.getOutputStream().write(new byte[100_000]);
            client.getInputStream().readNBytes(100_000);
            within(PROMISED, () -> browser.text("[data-slot=bytesIn]").equals("97.7 KiB"));
            assertThat(browser.text("[data-slot=bytesOut]")).isEqualTo("97.7 KiB");
            assertThat(browser.text("[data-slot=rateIn]")).endsWith(" KiB/s");
            assertThat(browser.text("[data-slot=open]")).isEqualTo("1");
            assertThat(browser.text("[data-slot=clients]")).isEqualTo("127.0.0.1 (1)");
        }
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests()).isNotEmpty().allMatch(url -> url.startsWith(page) || url.startsWith("data:"));
    }

    @Test
    void theButtonsWork() throws Exception {
        try (Socket client = openLink(port)) {
            browser.click("[data-slot=links] summary");
            Await.until(() -> browser.text("[data-slot=linkRows]").contains("127.0.0.1:" + client.getLocalPort()));
            browser.click("[data-slot=linkRows] button");
            assertThat(isGone(client)).isTrue();
        }
        browser.click("[data-slot=pause]");
        Await.until(() -> browser.text("[data-slot=state]").equals("paused"));
        assertThat(turnsAway(port)).isTrue();
        browser.click("[data-slot=pause]");
        Await.until(() -> browser.text("[data-slot=state]").equals("listening"));
        openLink(port).close();

        browser.click("[data-slot=probe]");
        Await.until(() -> browser.text("[data-slot=said]").equals("WSL is asked where it is"));

        int shared = freePort();
        browser.find("[name=port]").sendKeys(String.valueOf(shared));
        browser.click("form[data-slot=share] button");
        Await.until(() -> browser.text(".forward:nth-child(2) h3").equals("share-" + shared));
        assertThat(listens(shared)).isTrue();
        assertThat(browser.text(".forward:nth-child(2) [data-slot=origin]")).contains("1 h 59 min left");
        browser.click(".forward:nth-child(2) [data-slot=unshare]");
        Await.until(() -> browser.all(".forward").size() == 1);
        assertThat(listens(shared)).isFalse();
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aBadEditIsShownUntilItIsMended() throws Exception {
        String good = Files.readString(folder.resolve("proxy.toml"));
        Files.writeString(folder.resolve("proxy.toml"), good + "colour = '<b>red</b>'\n");
        Await.until(() -> browser.text("[data-slot=configError]").contains("colour"));

        Files.writeString(folder.resolve("proxy.toml"), good);
        Await.until(() -> browser.text("[data-slot=configError]").isEmpty());
    }

    private static void within(Duration time, Callable<Boolean> condition) throws Exception {
        long begin = System.nanoTime();
        Await.until(condition);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(time);
    }

    /** At once, so that nobody reads half of it. */
    private void vmIsAt(String address) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), address + "\n");
        Files.move(
                next, folder.resolve("address"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void configure(int status, int listen) throws IOException {
        Files.writeString(
                folder.resolve("proxy.toml"), """
                [wsl]
                command = ["cat", "%s"]
                interval = "250ms"
                [status]
                listen = "127.0.0.1:%d"
                [[forward]]
                name = "web"
                listen = "127.0.0.1:%d"
                target = "wsl:%d"
                """.formatted(folder.resolve("address"), status, listen, first.port()));
    }
}
