package io.github.wslproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import io.nayuki.qrcodegen.QrCode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;

/** What the page shows, and when it asks. */
class PageIT extends PageFixture {
    // ---- what it shows

    @Test
    void loadsWithoutComplaintAndAsksNobodyElse() throws Exception {
        int before = browser().requests().size();
        browser().complaints();
        show();
        awaitUpdates(3);

        List<String> requests = browser().requests();
        assertThat(browser().complaints()).isEmpty();
        assertThat(requests.subList(before, requests.size()))
                .contains(url(""), url("api/status"), url("api/qr?url=http%3A%2F%2F192.168.1.7%3A5173%2F"))
                .allMatch(request -> request.startsWith(url("")) || request.startsWith("data:"));
    }

    @Test
    void tellsOfWslAndEachForward() throws Exception {
        show();

        assertThat(browser().text("main"))
                .contains("WSL\nup\n172.30.98.229 for ", "the only address", "0.0.0.0:5173, [::]:5173")
                .contains("wsl:5173 \u2192 172.30.98.229:5173", "192.168.1.50 (1)", "4.0 KiB", "4.7 GiB")
                .contains("failed", "wslproxy doctor game", "WSL is at 172.30.98.229", "17 of 8\u202f192");
        assertThat(browser().run("return document.title")).isEqualTo("wslproxy: WSL up");
    }

    @Test
    void aShareShowsTheLinesThatKeepIt() throws Exception {
        snapshots = new FakeTraffic();
        show();

        assertThat(browser().text(FORWARD.formatted(3) + "[data-slot=origin]"))
                .contains("shared until ", "1 h 48 min left");
        browser().click(FORWARD.formatted(3) + "[data-slot=toml] summary");
        assertThat(browser().text(FORWARD.formatted(3) + "pre")).isEqualTo("[[forward]]\nport = 8000");
    }

    @Test
    void whatLooksLikeMarkupStaysText() throws Exception {
        String nasty = StatusSamples.NASTY;
        snapshots = () ->
                StatusSamples.of(StatusSamples.failed(nasty), StatusSamples.listening("<img src=x onerror=alert(1)>"));
        browser().complaints();
        show();
        browser().click(FIRST + "[data-slot=links] summary");
        awaitUpdates(2);

        assertThat(browser().run("return document.querySelector('h3').textContent"))
                .isEqualTo(nasty);
        assertThat(browser().run("return document.querySelector('.forward [data-slot=clients] li').textContent"))
                .isEqualTo(nasty + " (7)");
        assertThat(browser().all("script")).hasSize(1);
        assertThat(browser().all("h3 img")).isEmpty();
        assertThat(browser().text(FIRST + "[data-slot=remedy]")).isEqualTo("To see why: wslproxy doctor");
        assertThat(browser().complaints()).isEmpty();
    }

    @Test
    void whatIsThereTwiceIsShownTwiceAndNotOftener() throws Exception {
        Snapshot one = StatusSamples.of(StatusSamples.listening("same"), StatusSamples.failed("same"));
        List<Snapshot.Event> events = List.of(one.events().get(0), one.events().get(0));
        Snapshot twice = StatusSamples.withNews(one, one.configError(), events);
        snapshots = () -> twice;
        show();
        awaitUpdates(3);

        assertThat(browser().all(".forward")).hasSize(2);
        assertThat(browser().all(".events li")).hasSize(2);
    }

    @Test
    void aPhoneReadsTheCode() throws Exception {
        show();
        assertShowsCodeOf("http://192.168.1.7:5173/", "[data-slot=codeImage]");

        browser().click(FIRST + "[data-slot=code]");
        assertShowsCodeOf("http://192.168.1.7:5173/", "dialog img");
        browser().focused().sendKeys(Keys.ESCAPE);
        assertThat(browser().find("dialog").isDisplayed()).isFalse();
    }

    @Test
    void withoutAScriptItSaysWhereElseTheStatusIs() throws Exception {
        serve();
        browser().scripts(false);
        try {
            browser().open(url(""));
            assertThat(browser().text("body")).contains("This page needs JavaScript", "wslproxy status");
        } finally {
            browser().scripts(true);
        }
    }

    // ---- when it asks

    @Test
    void asksOnceASecondWhileSomebodyLooksAndNotAtAllWhileNobodyDoes() throws Exception {
        show();
        awaitUpdates(1);
        int before = asked.get();
        Thread.sleep(4_000);
        assertThat(asked.get() - before).isBetween(3, 5);

        browser().cover();
        Await.until(() -> untouched(Duration.ofMillis(1_500)));
        int hidden = asked.get();
        Thread.sleep(3_000);
        assertThat(asked).hasValue(hidden);

        browser().uncover();
        Await.until(() -> asked.get() > hidden);
    }

    @Test
    void saysThatWslproxyDoesNotAnswerKeepsWhatItKnewAndRecovers() throws Exception {
        show();
        running().close();
        Await.until(() -> connection().startsWith("wslproxy does not answer; as of "));
        assertThat(browser().text("h3")).isEqualTo("vite");
        assertThat(browser().run("return document.title")).isEqualTo("wslproxy: not running");
        assertThat(browser().text("[data-slot=targetState]")).isEqualTo("not known");
        assertThat(browser().text(FIRST + "[data-slot=state]")).isEqualTo("not known");

        snapshots = () -> StatusSamples.of(StatusSamples.listening("next"));
        serve();
        Await.until(() -> connection().equals("live"));
        assertThat(browser().text("h3")).isEqualTo("next");
        assertThat(browser().all(".forward")).hasSize(1);
        browser().complaints(); // The browser complains of the requests that nobody answered.
    }

    @Test
    void whatToDoIsASentenceOfItsOwn() throws Exception {
        snapshots = () -> StatusSamples.of(StatusSamples.failed("in use"));
        show();

        assertThat(browser().text(FIRST + "dd:has([data-slot=trouble])"))
                .isEqualTo("in use. To see why: wslproxy doctor");
    }

    @Test
    void aForwardThatIsPausedHasNoUrlNow() throws Exception {
        Snapshot.ForwardView vite = StatusSamples.listening("vite");
        snapshots = () -> StatusSamples.of(StatusSamples.paused(StatusSamples.withoutUrls(vite)));
        show();

        assertThat(browser().text(FIRST + "[data-slot=urls]")).isEqualTo("not while paused");
    }

    @Test
    void saysWhichConfigurationRuns() throws Exception {
        snapshots = () ->
                StatusSamples.withConfig(StatusSamples.of(), "/home/me/proxy.toml", "--config /home/me/proxy.toml");
        show();

        assertThat(browser().text("footer")).startsWith("Configuration: /home/me/proxy.toml. The same as JSON");
    }

    private boolean untouched(Duration time) throws InterruptedException {
        int before = asked.get();
        Thread.sleep(time.toMillis());
        return asked.get() == before;
    }

    /** The picture shows the modules of the code, with a quiet zone of four modules around them (ISO/IEC 18004). */
    private static void assertShowsCodeOf(String text, String css) throws Exception {
        QrCode code = QrCode.encodeText(text, QrCode.Ecc.MEDIUM);
        int side = code.size + 8;
        byte[] picture = browser().find(css).getScreenshotAs(OutputType.BYTES);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture));
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                int pixel = image.getRGB(
                        (2 * x + 1) * image.getWidth() / (2 * side), (2 * y + 1) * image.getHeight() / (2 * side));
                boolean dark = (pixel & 0xff) < 128;
                assertThat(dark).as("module %d,%d", x - 4, y - 4).isEqualTo(code.getModule(x - 4, y - 4));
            }
        }
    }
}
