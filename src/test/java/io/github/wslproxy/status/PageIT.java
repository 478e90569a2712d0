package io.github.wslproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Browser;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page in a real browser, with snapshots as they are needed. */
class PageIT {
    private static Browser browser;

    private volatile Snapshot snapshot =
            StatusSamples.of(StatusSamples.listening("vite"), StatusSamples.failed("game"));
    private final PlayedControls controls = new PlayedControls();
    private final StatusServer server = new StatusServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), () -> snapshot, controls, PlayedControls.TOKEN);

    @BeforeAll
    static void startBrowser() {
        Assumptions.assumeTrue(Browser.isThere(), Browser.MISSING);
        browser = Browser.start();
    }

    @AfterAll
    static void endBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        server.start();
        browser.open("http://127.0.0.1:" + server.address().getPort() + "/#token=" + PlayedControls.TOKEN);
        Await.until(() -> browser.text("[data-slot=connection]").equals("live"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void loadsWithoutComplaint() throws Exception {
        assertThat(browser.complaints()).isEmpty();
        browser.picture("try-1440.png", 1440);
        browser.dark(true);
        browser.picture("try-360.png", 360);
        System.err.println(browser.requests());
        System.err.println(String.join("\n", browser.inaccessible()));
    }
}
