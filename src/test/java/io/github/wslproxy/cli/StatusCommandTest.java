package io.github.wslproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.StatusSamples;
import io.github.wslproxy.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StatusCommandTest {
    /** A minute and a second before the share of the samples ends. */
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T01:01:02.456Z"), ZoneOffset.UTC);

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

    private int run(String... arguments) {
        return proxy.run(new StatusCommand(proxy.state, CLOCK), arguments);
    }

    @Test
    void showsWhereWslIsWhatIsForwardedWhoIsThereAndWhatHappened() throws Exception {
        proxy.answers(StatusSamples.of(StatusSamples.listening("vite")));

        assertThat(run("status")).isZero();
        assertThat(proxy.out.toString())
                .contains("wslproxy 0.1.0, pid 4321, up for 1h2m5s. WSL is at 172.30.98.229 (the only address).")
                .containsPattern("only address\\)\\.\\RSince 2026-11-22 01:02:03\\.\\R")
                .containsPattern("FORWARD +STATE +LISTENS ON +GOES TO +OPEN +IN +OUT +FROM +LAN URL")
                .containsPattern(
                        "vite +listening +0\\.0\\.0\\.0:5173 \\[::]:5173 +wsl:5173 = 172\\.30\\.98\\.229:5173 +1"
                                + " +4\\.1k +5\\.0G +share, 1m1s left +http://192\\.168\\.1\\.7:5173/")
                .contains("clients of vite: 192.168.1.50 (1)")
                .contains("limit connecting: 2 of 1024, 5 refused")
                .contains("  2026-11-22 01:02:03 WSL is at 172.30.98.229");
        assertThat(proxy.err.toString()).isEmpty();
    }

    @Test
    void whatIsWrongHasACommandBesideIt() throws Exception {
        proxy.answers(StatusSamples.of(StatusSamples.failed("web")));

        assertThat(run("status")).isZero();
        assertThat(proxy.out.toString())
                .contains("  web failed: web; to see why: wslproxy doctor web --config " + proxy.config)
                .contains(" refused web: web; to see why: wslproxy doctor web --config " + proxy.config);
    }

    @Test
    void aRefusalThatKnowsItsCureSaysItInsteadOfSendingToTheDoctor() throws Exception {
        proxy.answers(StatusSamples.of(StatusSamples.keptOut("web", "8.8.8.8")));

        assertThat(run("status")).isZero();
        assertThat(proxy.out.toString())
                .contains("refused 8.8.8.8:50001: 8.8.8.8 is not in allow of web; to fix it: add 8.8.8.8");
    }

    /** Names, reasons and events may come from anywhere, and whoever took the port may answer in its place. */
    @Test
    void noTextCommandsTheTerminal() throws Exception {
        proxy.answers(StatusSamples.of(StatusSamples.failed(StatusSamples.NASTY + "\u001b[2J\u009b")));

        assertThat(run("status")).isZero();
        assertThat(run("status", "--json")).isZero();
        assertThat(proxy.out.toString().codePoints())
                .allMatch(point -> point == '\n' || point == '\r' || !Character.isISOControl(point));
    }

    @Test
    void theDocumentIsTheOneOfTheStatusAddressInAscii() throws Exception {
        Snapshot nasty = StatusSamples.of(StatusSamples.failed(StatusSamples.NASTY));
        proxy.answers(nasty);

        assertThat(run("status", "--json")).isZero();
        String printed = proxy.out.toString();
        assertThat(printed).matches("[\\n -~]*");
        assertThat(JsonParser.parseString(printed)
                        .getAsJsonObject()
                        .getAsJsonArray("forwards")
                        .get(0)
                        .getAsJsonObject()
                        .get("name")
                        .getAsString())
                .isEqualTo(StatusSamples.NASTY);
    }

    @Test
    void anotherConfigurationIsShownAndSaidToBeAnother() throws Exception {
        proxy.answers(
                StatusSamples.withConfig(StatusSamples.of(StatusSamples.listening("vite")), "/home/me/other.toml", ""));

        assertThat(run("status")).isEqualTo(1);
        assertThat(proxy.out.toString()).contains("configuration: /home/me/other.toml");
        assertThat(proxy.err.toString())
                .contains("wslproxy (pid 4321) on 127.0.0.1:" + proxy.address.getPort()
                        + " runs another configuration, /home/me/other.toml, not " + proxy.config);
        assertThat(run("status", "--watch")).isEqualTo(1);
    }

    @Test
    void commandsAboutTheForwardsOfAnotherConfigurationNameThatOne() throws Exception {
        proxy.answers(
                StatusSamples.withConfig(StatusSamples.of(StatusSamples.failed("web")), "/home/me/other.toml", ""));

        assertThat(run("status")).isEqualTo(1);
        assertThat(proxy.out.toString())
                .contains("wslproxy doctor web --config /home/me/other.toml")
                .doesNotContain("--config " + proxy.config);
    }

    @Test
    void theSameConfigurationIsNoOther() throws Exception {
        proxy.answers(StatusSamples.withConfig(
                StatusSamples.of(), folder.resolve("./proxy.toml").toString(), ""));

        assertThat(run("status")).isZero();
        assertThat(proxy.err.toString()).isEmpty();
    }

    @Test
    void whereNoneRunsOneLineSaysHowToStartIt() {
        assertThat(run("status")).isEqualTo(1);
        assertThat(proxy.out.toString()).isEmpty();
        assertThat(proxy.err.toString())
                .isEqualToIgnoringNewLines("wslproxy is not running (nobody listens on 127.0.0.1:"
                        + proxy.address.getPort() + "); start it with: wslproxy --config " + proxy.config);
    }

    @Test
    void whereItIsInstalledTheCommandOfThatIsNamed() throws Exception {
        Files.writeString(proxy.state.installedConfig(), proxy.config.toString());

        assertThat(run("status", "--watch")).isEqualTo(1);
        assertThat(proxy.err.toString()).contains("start it with: wslproxy start");
    }

    @Test
    void aRunningOneWhoseStatusAddressIsDeadIsNotCalledAbsent() throws Exception {
        proxy.runs(StatusSamples.of()).stopsAnswering();

        assertThat(run("status")).isEqualTo(1);
        assertThat(proxy.err.toString())
                .contains("it runs as pid " + ProcessHandle.current().pid()
                        + ", but nobody listens on its status address");
    }

    @Test
    void aStatusAddressThatIsOffIsSaid() throws Exception {
        proxy.writeConfig("'off'");

        assertThat(run("status")).isEqualTo(1);
        assertThat(proxy.err.toString())
                .contains("listen in [status] of " + proxy.config + " is \"off\"")
                .contains("127.0.0.1:9797");
    }

    /** That is when one wants to see what runs. */
    @Test
    void anEditThatCannotBeUsedDoesNotHideWhatRuns() throws Exception {
        proxy.runs(StatusSamples.inState("up", "172.30.98.229"));
        Files.writeString(proxy.config, "[[forward]\n");

        assertThat(run("status")).isZero();
        assertThat(proxy.out.toString()).contains("so an older one runs");
    }

    @Test
    void anInvalidConfigurationWithNothingRunningIsToldAsByCheck() throws Exception {
        Files.writeString(proxy.config, "[[forward]\n");

        assertThat(run("status")).isEqualTo(2);
        assertThat(proxy.err.toString()).startsWith(proxy.config + ":1:");
    }

    @Test
    void aDocumentIsNotWatched() {
        assertThat(run("status", "--json", "--watch")).isEqualTo(2);
    }

    @Test
    void intoAPipeEachChangeIsALineUntilItEnds() throws Exception {
        proxy.answers(StatusSamples.of(StatusSamples.listening("vite")));
        CompletableFuture<Integer> watching = CompletableFuture.supplyAsync(() -> run("status", "--watch"));
        Await.until(() -> proxy.out.toString().contains("forward vite listening"));

        proxy.show(StatusSamples.of(StatusSamples.failed("vite")));
        Await.until(() -> proxy.out.toString().contains("forward vite failed vite"));
        proxy.stopsAnswering();

        assertThat(watching.get()).isEqualTo(1);
        assertThat(proxy.err.toString()).contains("wslproxy is not running");
        assertThat(proxy.out.toString().lines())
                .allMatch(line -> line.startsWith("2026-11-22 01:01:02 "))
                .containsExactly(
                        "2026-11-22 01:01:02 wslproxy 0.1.0 pid 4321",
                        "2026-11-22 01:01:02 wsl up 172.30.98.229",
                        "2026-11-22 01:01:02 config ok",
                        "2026-11-22 01:01:02 forward vite listening",
                        "2026-11-22 01:01:02 forward vite failed vite");
    }
}
