package io.github.wslproxy.cli;

import static io.github.wslproxy.testing.Forwards.block;
import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.status.StatusSamples;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class UrlsCommandTest {
    private static final InetAddress ETHERNET = ip("192.168.1.7");
    private static final List<AddressBlock> LAN = List.of(block("192.168.1.7", 24), block("fd00::7", 64));
    private static final List<InetAddress> ADDRESSES = List.of(ETHERNET, ip("fd00::7"));
    private static final List<String> URLS = List.of("http://192.168.1.7:5173/");
    private static final UrlHints NO_NAME =
            new UrlHints(() -> "localhost", name -> new InetAddress[0], Duration.ofSeconds(9));

    @TempDir
    Path folder;

    private FakeProxy proxy;
    private QrOption qr = new QrOption(() -> Optional.of(TerminalQrCode.Style.LIGHT_TEXT));

    @BeforeEach
    void prepare() throws Exception {
        proxy = new FakeProxy(folder);
    }

    @AfterEach
    void close() {
        proxy.close();
    }

    private int urls(UrlHints mdns, String... arguments) {
        return proxy.run(new UrlsCommand(proxy.state, () -> LAN, mdns, qr), arguments);
    }

    @Test
    void theRunningProxyTellsWhereItIsReached() throws Exception {
        proxy.answers(StatusSamples.of(StatusSamples.listening("share-5173")));

        assertThat(urls(NO_NAME, "urls")).isZero();
        assertThat(proxy.out.toString())
                .containsPattern("share-5173 +tcp +http://192\\.168\\.1\\.7:5173/")
                .contains("##  ##")
                .endsWith("http://192.168.1.7:5173/" + System.lineSeparator())
                .doesNotContain("REACT_NATIVE", ".local");
        assertThat(proxy.err.toString()).isEmpty();
    }

    @Test
    void whereNoneRunsTheConfigurationIsTakenAndThatIsSaid() {
        assertThat(urls(NO_NAME, "urls")).isZero();
        assertThat(proxy.out.toString())
                .containsPattern("vite +tcp +http://192\\.168\\.1\\.7:5173/\\R +http://\\[fd00::7]:5173/")
                .containsPattern("dns +udp +-")
                .contains("dns has no LAN URL: it listens on 127.0.0.1:18053 only, where no other device comes.");
        assertThat(proxy.err.toString())
                .contains("wslproxy is not running")
                .contains("These are the URLs that " + proxy.config + " asks for:");
    }

    @Test
    void theQrCodeIsThatOfTheForwardThatWasNamed() {
        assertThat(urls(NO_NAME, "urls", "metro")).isZero();
        assertThat(proxy.out.toString())
                .contains(String.join(
                        System.lineSeparator(),
                        TerminalQrCode.lines("http://192.168.1.7:8081/", TerminalQrCode.Style.LIGHT_TEXT)))
                .doesNotContain("vite");
    }

    @Test
    void whoForwardsMetroIsToldWhatExpoHasToKnow() {
        assertThat(urls(NO_NAME, "urls")).isZero();
        assertThat(proxy.out.toString()).contains("REACT_NATIVE_PACKAGER_HOSTNAME=192.168.1.7 npx expo start");
    }

    @ParameterizedTest
    @CsvSource({"8080, false", "8081, true", "18999, false", "19000, true", "19006, true", "19007, false"})
    void thePortsOfMetroAndExpoAreKnown(int port, boolean metro) {
        assertThat(NO_NAME.of(List.of("http://192.168.1.7:" + port + "/"), ADDRESSES))
                .hasSize(metro ? 1 : 0);
    }

    /** Whoever took the status port may say anything. */
    @Test
    void aUrlThatIsNoneIsText() throws Exception {
        proxy.answers(StatusSamples.of(StatusSamples.failed("http://x/\u001b[2J \\^")));

        assertThat(urls(NO_NAME, "urls")).isZero();
        assertThat(proxy.out.toString()).contains("http://x/\\u001b[2J").doesNotContain("\u001b");
        assertThat(proxy.err.toString()).isEmpty();
    }

    @Test
    void aForwardThatTheLanCannotReachIsStatusOne() {
        assertThat(urls(NO_NAME, "urls", "dns")).isEqualTo(1);
        assertThat(proxy.err.toString())
                .contains("no other device can reach it; to see why: wslproxy doctor dns --config " + proxy.config);
    }

    @Test
    void whereNothingIsForwardedYetThatIsSaid() throws Exception {
        proxy.answers(StatusSamples.of());

        assertThat(urls(NO_NAME, "urls")).isEqualTo(1);
        assertThat(proxy.err.toString()).contains("nothing is forwarded now");
    }

    @Test
    void anUnknownNameIsWrongUsage() {
        assertThat(urls(NO_NAME, "urls", "wbe")).isEqualTo(2);
        assertThat(proxy.err.toString()).contains("(expected one of: vite, metro, dns)");
    }

    @Test
    void aStatusAddressThatIsOffIsNoReasonToSayNothing() throws Exception {
        proxy.writeConfig("'off'");

        assertThat(urls(NO_NAME, "urls", "vite")).isZero();
        assertThat(proxy.err.toString()).contains("is \"off\"");
    }

    @Test
    void withoutATerminalAndWithNoQrThereIsNoCode() {
        assertThat(urls(NO_NAME, "urls", "vite", "--no-qr")).isZero();
        qr = new QrOption(Optional::empty);
        assertThat(urls(NO_NAME, "urls", "vite")).isZero();

        assertThat(proxy.out.toString()).contains("http://192.168.1.7:5173/").doesNotContain("##");
    }

    @Test
    void asJsonEachForwardIsAnObject() {
        assertThat(urls(NO_NAME, "urls", "--json")).isZero();

        JsonArray forwards = JsonParser.parseString(proxy.out.toString()).getAsJsonArray();
        assertThat(forwards.get(0).toString())
                .isEqualTo("{\"name\":\"vite\",\"protocol\":\"tcp\",\"urls\":[\"http://192.168.1.7:5173/\","
                        + "\"http://[fd00::7]:5173/\"],\"why_no_url\":null}");
        assertThat(forwards.get(2).getAsJsonObject().get("why_no_url").getAsString())
                .contains("127.0.0.1:18053");
    }

    @Test
    void aServerThatIsNotKnownMayBeAWebServerButGetsNoCode() throws Exception {
        proxy.answers(StatusSamples.of(StatusSamples.reachedAt("odd", List.of("192.168.1.7:47113"))));

        assertThat(urls(NO_NAME, "urls")).isZero();
        assertThat(proxy.out.toString())
                .contains("If a web server listens on 192.168.1.7:47113, open http://192.168.1.7:47113/")
                .doesNotContain("##");
    }

    /** Whoever has the port of the status address says what he likes. */
    @ParameterizedTest
    @ValueSource(
            strings = {"http://x/\u001b[2J", "http://[", "http://192.168.1.7:99999999999/", "ssh -p 1 $(id)", "::"})
    void whatAStrangerCallsAUrlIsText(String url) throws Exception {
        proxy.answers(StatusSamples.of(StatusSamples.reachedAt("odd", List.of(url, url.repeat(500)))));

        assertThat(urls(NO_NAME, "urls")).isZero();
        assertThat(proxy.err.toString()).isEmpty();
        assertThat(proxy.out.toString().codePoints()).noneMatch(point -> point == 0x1b);
    }

    // ---- multicast DNS

    @Test
    void theNameIsShownIfItLeadsHere() {
        UrlHints mdns = new UrlHints(
                () -> "PC-of-Ann.corp.example", name -> new InetAddress[] {ETHERNET}, Duration.ofSeconds(9));

        assertThat(urls(mdns, "urls", "vite")).isZero();
        assertThat(proxy.out.toString()).contains("http://pc-of-ann.local:5173/");
    }

    @Test
    void aNameThatLeadsElsewhereOrNowhereIsNotShown() {
        UrlHints elsewhere =
                new UrlHints(() -> "pc", name -> new InetAddress[] {ip("10.0.0.9")}, Duration.ofSeconds(9));
        UrlHints nowhere = new UrlHints(
                () -> "pc",
                name -> {
                    throw new UnknownHostException(name);
                },
                Duration.ofSeconds(9));

        assertThat(elsewhere.of(URLS, ADDRESSES)).isEmpty();
        assertThat(nowhere.of(URLS, ADDRESSES)).isEmpty();
    }

    @Test
    void aResolverThatHangsIsNotWaitedFor() {
        CountDownLatch never = new CountDownLatch(1);
        UrlHints hanging = new UrlHints(
                () -> {
                    never.await();
                    return "pc";
                },
                name -> new InetAddress[] {ETHERNET},
                Duration.ofMillis(50));

        assertThat(hanging.of(URLS, ADDRESSES)).isEmpty();
        never.countDown();
    }
}
