package io.github.wslproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Browser;
import io.nayuki.qrcodegen.QrCode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;

/**
 * The page in a real browser, with fake snapshots and a fake of what it may do. Each test has a port, and so an origin,
 * of its own.
 */
class PageIT {
    private static final String FORWARD = ".forward:nth-child(%d) ";
    private static final String FIRST = FORWARD.formatted(1);

    private static @Nullable Browser started;

    private final AtomicInteger asked = new AtomicInteger();
    private final FakeAdminApi admin = new FakeAdminApi();
    private volatile Supplier<Snapshot> snapshots =
            () -> StatusSamples.of(StatusSamples.listening("vite"), StatusSamples.failed("game"));
    private @Nullable StatusServer server;
    private int port;

    @BeforeAll
    static void startBrowser() {
        Assumptions.assumeTrue(Browser.isThere(), Browser.MISSING);
        started = Browser.start("--host-resolver-rules=MAP evil.example 127.0.0.1");
    }

    @AfterAll
    static void endBrowser() {
        if (started != null) {
            started.close();
        }
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        browser().open("about:blank");
        browser().dark(false);
        browser().size(1440, 900);
    }

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

    // ---- in other words

    private static Browser browser() {
        return Objects.requireNonNull(started);
    }

    private StatusServer running() {
        return Objects.requireNonNull(server);
    }

    /** At the same port as before, if it was served before. */
    private void serve() throws Exception {
        StatusServer next = new StatusServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                () -> {
                    asked.incrementAndGet();
                    return snapshots.get();
                },
                admin,
                FakeAdminApi.TOKEN,
                StatusServer.Limits.USUAL.every(Duration.ZERO));
        next.start();
        server = next;
        port = next.address().getPort();
    }

    private void show() throws Exception {
        serve();
        browser().open(url("#token=" + FakeAdminApi.TOKEN));
        Await.until(() -> connection().equals("live"));
    }

    private String url(String path) {
        return "http://127.0.0.1:" + port + "/" + path;
    }

    private static String connection() {
        return browser().text("[data-slot=connection]");
    }

    private static void awaitSaid(String line) throws Exception {
        Await.until(() -> browser().text("[data-slot=said]").equals(line));
    }

    private void awaitUpdates(int count) throws Exception {
        int before = asked.get();
        Await.until(() -> asked.get() > before + count);
    }

    private boolean untouched(Duration time) throws InterruptedException {
        int before = asked.get();
        Thread.sleep(time.toMillis());
        return asked.get() == before;
    }

    private static long overflow() {
        return (Long)
                browser().run("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
    }

    /** The status of an answer, or the name of the error without one. */
    private String fetched(String path, String options) {
        return String.valueOf(browser()
                .run("return fetch('" + url(path) + "', " + options
                        + ").then(answer => String(answer.status), error => error.name)"));
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
