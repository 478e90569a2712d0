package io.github.wslproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.wslproxy.testing.Await;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The buttons of the page, and the token that they need. */
class PageActionsIT extends PageFixture {
    // ---- what it does

    @Test
    void eachButtonDoesWhatItSays() throws Exception {
        show();
        browser().click("[data-slot=probe]");
        awaitSaid("did: probe");
        browser().click(FIRST + "[data-slot=pause]");
        awaitSaid("did: pause vite");
        browser().click(FIRST + "[data-slot=unshare]");
        awaitSaid("did: unshare vite");
        browser().find("[name=port]").sendKeys("8000");
        browser().find("[name=protocol]").sendKeys("udp");
        browser().click("form[data-slot=share] button");
        Await.until(() -> admin.asked().contains("ShareRequest[port=8000, protocols=[udp], length=PT2H, allow=[]]"));
        browser().click(FIRST + "[data-slot=links] summary");
        Await.until(() -> browser().text(FIRST + "tbody").contains("192.168.1.50:50123"));
        browser().click(FIRST + "tbody button");
        awaitSaid("did: end vite tcp /192.168.1.50:50123");
        assertThat(admin.asked()).hasSize(5);
    }

    @Test
    void whatIsPausedCanBeResumedAndARefusalIsSaid() throws Exception {
        Snapshot.ForwardView no = StatusSamples.listening("no");
        snapshots = () -> StatusSamples.of(StatusSamples.paused(no));
        show();

        assertThat(browser().text(FIRST + "[data-slot=state]")).isEqualTo("paused");
        assertThat(browser().text(FIRST + "[data-slot=pause]")).isEqualTo("Resume");
        browser().click(FIRST + "[data-slot=pause]");
        awaitSaid("Refused: there is no forward no");
        assertThat(admin.asked()).containsExactly("resume no");
    }

    @Test
    void theTokenLeavesTheAddressBarAndIsKept() throws Exception {
        show();
        assertThat(browser().url()).isEqualTo(url(""));

        browser().open(url(""));
        Await.until(() -> connection().equals("live"));
        browser().click("[data-slot=probe]");
        awaitSaid("did: probe");
    }

    @Test
    void withoutTheTokenItOnlyReads() throws Exception {
        serve();
        browser().open(url(""));
        Await.until(() -> connection().equals("live"));

        assertThat(browser().text("[data-slot=readOnly]")).contains("wslproxy page");
        assertThat(browser().all(".action")).noneMatch(element -> element.isDisplayed());

        foreignToken();
        assertThat(browser().all(".action")).noneMatch(element -> element.isDisplayed());
        assertThat(admin.asked()).isEmpty();
    }

    /** Any web page may lead a browser here. */
    @Test
    void aTokenThatIsWrongReplacesNone() throws Exception {
        show();
        Await.until(() -> browser().find("[data-slot=probe]").isDisplayed());

        foreignToken();
        browser().click("[data-slot=probe]");
        awaitSaid("did: probe");
    }

    private void foreignToken() throws Exception {
        browser().run("location.hash = 'token=00000000000000000000000000000000'");
        Await.until(() -> browser().text("[data-slot=said]").contains("wslproxy page"));
        assertThat(browser().url()).isEqualTo(url(""));
        browser().complaints(); // The browser complains of the 403.
    }

    @Test
    void theTokenOfAnEarlierRunIsForgotten() throws Exception {
        Snapshot earlier = StatusSamples.of(StatusSamples.listening("vite"));
        snapshots = () -> earlier;
        show();
        awaitUpdates(1);
        assertThat(browser().find("[data-slot=probe]").isDisplayed()).isTrue();

        Snapshot later = StatusSamples.withProcess(earlier, earlier.pid() + 1, earlier.java(), earlier.uptime());
        snapshots = () -> later;
        Await.until(() -> browser().text("[data-slot=readOnly]").contains("wslproxy page"));
        assertThat(browser().find("[data-slot=probe]").isDisplayed()).isFalse();

        browser().open(url("#token=" + FakeAdminApi.TOKEN));
        Await.until(() -> connection().equals("live"));
        awaitUpdates(2);
        assertThat(browser().find("[data-slot=probe]").isDisplayed()).isTrue();
    }

    @Test
    void aSiteInTheSameBrowserGetsNothing() throws Exception {
        show();
        HttpServer site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        site.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 4);
            exchange.getResponseBody().write("site".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        site.start();
        try {
            browser().open("http://localhost:" + site.getAddress().getPort() + "/");
            assertThat(fetched("api/status", "{}")).isEqualTo("TypeError");
            assertThat(fetched(
                            "api/pause",
                            "{method: 'POST', headers: {'X-Wslproxy-Token': '" + FakeAdminApi.TOKEN
                                    + "', 'Content-Type': 'application/json'}, body: '{\"forward\": \"vite\"}'}"))
                    .isEqualTo("TypeError");
            assertThat(fetched("api/pause", "{method: 'POST', mode: 'no-cors', body: '{\"forward\": \"vite\"}'}"))
                    .isIn("TypeError", "0");
        } finally {
            site.stop(0);
        }
        browser().open("http://evil.example:" + port + "/");
        assertThat(browser().text("body")).startsWith("only answered under 127.0.0.1");
        assertThat(admin.asked()).isEmpty();
        browser().complaints();
    }

    /** The status of an answer, or the name of the error without one. */
    private String fetched(String path, String options) {
        return String.valueOf(browser()
                .run("return fetch('" + url(path) + "', " + options
                        + ").then(answer => String(answer.status), error => error.name)"));
    }
}
