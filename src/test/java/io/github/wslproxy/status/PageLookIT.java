package io.github.wslproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Browser;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/** Keyboard, sizes, contrast: whether everybody can use the page. */
class PageLookIT extends PageFixture {
    // ---- for everybody

    @Test
    void theKeyboardReachesEveryActionAndKeepsItsPlace() throws Exception {
        show();
        Set<String> reached = new LinkedHashSet<>();
        for (int i = 0; i < 60; i++) {
            browser().focused().sendKeys(Keys.TAB);
            String name = Objects.requireNonNullElse(browser().focused().getAccessibleName(), "");
            reached.add(name);
            if (name.equals("metrics")) {
                break;
            }
        }
        assertThat(reached)
                .containsSubsequence(
                        "Ask WSL now",
                        "Pause vite",
                        "Stop sharing vite",
                        "http://192.168.1.7:5173/",
                        "Copy http://192.168.1.7:5173/",
                        "QR code of http://192.168.1.7:5173/, enlarge",
                        "Pause game",
                        "Port",
                        "Protocol",
                        "For",
                        "Share",
                        "JSON",
                        "metrics");

        browser().run("document.querySelector('.forward [data-slot=pause]').focus()");
        browser().focused().sendKeys(Keys.ENTER);
        awaitSaid("did: pause vite");
        awaitUpdates(2);
        assertThat(browser().focused().getAccessibleName()).isEqualTo("Pause vite");
    }

    @Test
    void whereWhatHadTheFocusHasGoneTheKeyboardGoesOnBesideIt() throws Exception {
        admin.links(link(1), link(2), link(3));
        show();
        browser().click(FIRST + "[data-slot=links] summary");
        Await.until(() -> browser().all(FIRST + "tbody tr").size() == 3);
        browser().run("document.querySelector('.forward tbody tr:nth-child(2) button').focus()");

        admin.links(link(1), link(3));
        Await.until(() -> browser().all(FIRST + "tbody tr").size() == 2);
        assertThat(browser().focused().getAccessibleName()).isEqualTo("End TCP connection of 192.168.1.3:50000");
        admin.links(link(1));
        Await.until(() -> browser().all(FIRST + "tbody tr").size() == 1);
        assertThat(browser().focused().getAccessibleName()).isEqualTo("End TCP connection of 192.168.1.1:50000");
        admin.links();
        Await.until(() -> browser().all(FIRST + "tbody tr").isEmpty());
        assertThat(browser().focused().getText()).isEqualTo("Connections and sessions");

        browser().run("document.querySelector('.forward [data-slot=unshare]').focus()");
        snapshots = () -> StatusSamples.of(StatusSamples.failed("game"));
        Await.until(() -> browser().all(".forward").size() == 1);
        assertThat(browser().focused().getText()).isEqualTo("game");
        browser().run("document.querySelector('.forward [data-slot=pause]').focus()");
        snapshots = StatusSamples::of;
        Await.until(() -> browser().all(".forward").isEmpty());
        assertThat(browser().focused().getText()).isEqualTo("Forwards");
    }

    private static AdminApi.ConnectionView link(int host) {
        return new AdminApi.ConnectionView(
                Protocol.TCP, "192.168.1." + host + ":50000", "172.30.98.229:5173", Duration.ofSeconds(61), 10, 20);
    }

    @Test
    void whatIsToBeClickedIsLargeEnough() throws Exception {
        show();

        assertThat((Long) browser()
                        .run("return Math.min(...[...document.querySelectorAll('main a, summary, button')]"
                                + ".map(e => e.getBoundingClientRect()).filter(r => r.width > 0)"
                                + ".map(r => Math.floor(Math.min(r.width, r.height))))"))
                .isGreaterThanOrEqualTo(24);
    }

    @ParameterizedTest
    @CsvSource({"360, false", "360, true", "1440, false", "1440, true"})
    void isAccessibleAndFits(int width, boolean dark) throws Exception {
        snapshots = new FakeTraffic();
        browser().size(width, 900);
        browser().dark(dark);
        show();
        browser().click(FIRST + "[data-slot=links] summary");
        browser().click(FORWARD.formatted(3) + "[data-slot=toml] summary");
        Await.until(() -> browser().text(FIRST + "tbody").contains("192.168.1.50:50123"));

        assertThat(browser().inaccessible()).isEmpty();
        assertThat(overflow()).isZero();
        browser().picture("page-" + width + (dark ? "-dark" : "-light") + ".png", width);
    }

    @Test
    void whatIsNotAccessibleWouldBeNoticed() throws Exception {
        show();
        browser()
                .run(
                        "document.documentElement.lang = ''; document.querySelector('[data-slot=probe]').textContent = ''");

        assertThat(browser().inaccessible())
                .anyMatch(breach -> breach.startsWith("html-has-lang"))
                .anyMatch(breach -> breach.startsWith("button-name"));
    }

    @Test
    void veryLongWordsDoNotWidenThePage() throws Exception {
        snapshots =
                () -> StatusSamples.of(StatusSamples.failed("w".repeat(300)), StatusSamples.listening("x".repeat(300)));
        browser().size(360, 900);
        show();

        assertThat(overflow()).isZero();
    }

    @Test
    void nothingMovesWhenItIsUpdated() throws Exception {
        snapshots = new FakeTraffic();
        show();
        String places = "return [...document.querySelectorAll('h2, h3, button, summary, svg')]"
                + ".map(e => {const r = e.getBoundingClientRect(); return r.x + ' ' + r.y + ' ' + r.width}).join()";
        awaitUpdates(1);
        Object before = browser().run(places);
        awaitUpdates(3);

        assertThat(browser().run(places)).isEqualTo(before);
    }

    /** A minute passes six times as fast, so that the charts are full. Copies of the two stand in src/site. */
    @Test
    void picturesForTheReadme() throws Exception {
        snapshots = new FakeTraffic();
        serve();
        try (Browser fast = Browser.start()) {
            fast.beforeEachPage("const now = performance.now.bind(performance), after = setTimeout;"
                    + "performance.now = () => 6 * now(); window.setTimeout = (work, ms) => after(work, ms / 6);");
            fast.open(url("#token=" + FakeAdminApi.TOKEN));
            Await.until(() -> asked.get() > 75);
            assertThat(Files.size(fast.picture("readme-desktop-light.png", 1100, 1_100)))
                    .isLessThan(150_000);
            fast.dark(true);
            assertThat(Files.size(fast.picture("readme-phone-dark.png", 360, 900)))
                    .isLessThan(150_000);
        }
    }

    private static long overflow() {
        return (Long)
                browser().run("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
    }
}
