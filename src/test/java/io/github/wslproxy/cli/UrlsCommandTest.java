package io.github.wslproxy.cli;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.status.StatusSamples;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class UrlsCommandTest {
    private static final InetAddress ETHERNET = ip("192.168.1.7");
    private static final List<InetAddress> LAN = List.of(ETHERNET, ip("fd00::7"));
    private static final MdnsName NO_NAME =
            new MdnsName(() -> "localhost", name -> new InetAddress[0], Duration.ofSeconds(9));

    @TempDir
    Path folder;

    private PlayedProxy proxy;

    @BeforeEach
    void prepare() throws Exception {
        proxy = new PlayedProxy(folder);
    }

    @AfterEach
    void close() {
        proxy.close();
    }

    private int urls(MdnsName mdns, String... arguments) {
        return proxy.run(new UrlsCommand(proxy.state, () -> LAN, mdns), arguments);
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
                .containsPattern("dns +udp +-");
        assertThat(proxy.err.toString())
                .contains("wslproxy is not running")
                .contains("These are the URLs that " + proxy.config + " asks for:");
    }

    @Test
    void theQrCodeIsThatOfTheForwardThatWasNamed() {
        assertThat(urls(NO_NAME, "urls", "metro")).isZero();
        assertThat(proxy.out.toString())
                .contains(String.join(
                        System.lineSeparator(), QrText.lines("http://192.168.1.7:8081/", QrText.Style.DARK_TEXT)))
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
        assertThat(ExpoHint.isMetro("http://192.168.1.7:" + port + "/")).isEqualTo(metro);
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
        assertThat(proxy.err.toString()).contains("the LAN has no way to it (wslproxy doctor says why)");
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

    // ---- multicast DNS

    @Test
    void theNameIsShownIfItLeadsHere() {
        MdnsName mdns = new MdnsName(
                () -> "PC-of-Ann.corp.example", name -> new InetAddress[] {ETHERNET}, Duration.ofSeconds(9));

        assertThat(urls(mdns, "urls", "vite")).isZero();
        assertThat(proxy.out.toString()).contains("http://pc-of-ann.local:5173/");
    }

    @Test
    void aNameThatLeadsElsewhereOrNowhereIsNotShown() {
        MdnsName elsewhere =
                new MdnsName(() -> "pc", name -> new InetAddress[] {ip("10.0.0.9")}, Duration.ofSeconds(9));
        MdnsName nowhere = new MdnsName(
                () -> "pc",
                name -> {
                    throw new UnknownHostException(name);
                },
                Duration.ofSeconds(9));

        assertThat(elsewhere.find(LAN)).isEmpty();
        assertThat(nowhere.find(LAN)).isEmpty();
    }

    @Test
    void aResolverThatHangsIsNotWaitedFor() {
        CountDownLatch never = new CountDownLatch(1);
        MdnsName hanging = new MdnsName(
                () -> {
                    never.await();
                    return "pc";
                },
                name -> new InetAddress[] {ETHERNET},
                Duration.ofMillis(50));

        assertThat(hanging.find(LAN)).isEmpty();
        never.countDown();
    }
}
