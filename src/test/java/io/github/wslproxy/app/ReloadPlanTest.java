package io.github.wslproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.app.ReloadPlan.Add;
import io.github.wslproxy.app.ReloadPlan.Change;
import io.github.wslproxy.app.ReloadPlan.Keep;
import io.github.wslproxy.app.ReloadPlan.Remove;
import io.github.wslproxy.config.ForwardDefaults;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.config.Settings.LogSettings;
import io.github.wslproxy.config.Settings.StatusSettings;
import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.Access.ListOrigin;
import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.LimitSettings;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.forward.Timeouts;
import io.github.wslproxy.target.WslSettings;
import io.github.wslproxy.target.WslSettings.OnStopped;
import io.github.wslproxy.testing.Forwards;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.event.Level;

class ReloadPlanTest {
    private static final Forward WEB = tcp("127.0.0.1", 8000, 80).named("web");
    private static final Forward DATABASE = tcp("127.0.0.1", 5432, 5432).named("database");

    @Test
    void nothingIsTouchedWithoutAChange() {
        ReloadPlan plan = plan(List.of(WEB, DATABASE), List.of(DATABASE, WEB));

        assertThat(plan.steps()).containsExactly(new Keep(Protocol.TCP, DATABASE), new Keep(Protocol.TCP, WEB));
        assertThat(summary(plan)).isEmpty();
    }

    /** As where [defaults] are edited above the most forwards that a file may have; a share would wait for it. */
    @Test
    @Timeout(20)
    void whereEachOfThousandsOfForwardsChangesThePlanIsMadeInSeconds() {
        List<Forward> before = thousands(WEB.timeouts());
        Timeouts was = WEB.timeouts();
        List<Forward> after = thousands(new Timeouts(
                was.connect().plusSeconds(1), was.idle(), was.halfClose(), was.clientKeepAlive(), was.udpIdle()));

        assertThat(plan(before, after).steps()).hasSize(before.size()).allSatisfy(step -> assertThat(step)
                .isInstanceOf(Change.class));
    }

    private static List<Forward> thousands(Timeouts timeouts) {
        List<AddressBlock> allow = IntStream.range(0, 1000)
                .mapToObj(i -> new AddressBlock(IpLiteral.of("10.0." + i / 250 + "." + i % 250), 32))
                .toList();
        return IntStream.range(0, 4096)
                .mapToObj(i -> Forward.everywhere(
                        "tcp-" + (10_000 + i),
                        Set.of(Protocol.TCP),
                        PortRange.of(10_000 + i),
                        new Access(allow, List.of()),
                        timeouts,
                        WEB.limits(),
                        WEB.proxyProtocol()))
                .toList();
    }

    @Test
    void whatClosesComesBeforeWhatOpens() {
        ReloadPlan plan = plan(List.of(WEB), List.of(DATABASE));

        assertThat(plan.steps()).containsExactly(new Remove(Protocol.TCP, WEB), new Add(Protocol.TCP, DATABASE));
        assertThat(summary(plan)).isEqualTo("added database, removed web");
    }

    @Test
    void anotherTargetIsAChange() {
        Forward elsewhere = tcp("127.0.0.1", 8000, 81).named("web");

        assertThat(plan(List.of(WEB, DATABASE), List.of(elsewhere, DATABASE)).steps())
                .containsExactly(new Change(Protocol.TCP, WEB, elsewhere), new Keep(Protocol.TCP, DATABASE));
    }

    @Test
    void aForwardIsKnownAgainByItsAddressUnderAnotherName() {
        Forward renamed = tcp("127.0.0.1", 8000, 80).named("site");

        assertThat(plan(List.of(DATABASE, WEB), List.of(renamed, DATABASE)).steps())
                .containsExactly(new Change(Protocol.TCP, WEB, renamed), new Keep(Protocol.TCP, DATABASE));
    }

    @Test
    void aForwardIsKnownAgainByItsNameAtAnotherAddress() {
        Forward moved = tcp("127.0.0.1", 8001, 80).named("web");

        assertThat(plan(List.of(WEB), List.of(moved)).steps()).containsExactly(new Change(Protocol.TCP, WEB, moved));
    }

    @Test
    void addressesThatTradeNamesKeepTheirSockets() {
        Forward web = tcp("127.0.0.1", 5432, 5432).named("web");
        Forward database = tcp("127.0.0.1", 8000, 80).named("database");

        assertThat(plan(List.of(WEB, DATABASE), List.of(web, database)).steps())
                .containsExactly(new Change(Protocol.TCP, DATABASE, web), new Change(Protocol.TCP, WEB, database));
    }

    @Test
    void oneMoreAddressIsAChange() {
        Forward both = tcp("127.0.0.1", 8000, 80).listen("127.0.0.2", 8000).named("web");

        assertThat(plan(List.of(WEB), List.of(both)).steps()).containsExactly(new Change(Protocol.TCP, WEB, both));
    }

    /** The relay takes it, as its refusals name the line; for people nothing has changed. */
    @Test
    void aListThatStandsInAnotherLineNowIsNoChangeToTellOf() {
        ReloadPlan plan = plan(List.of(inLine(3)), List.of(inLine(4)));

        assertThat(plan.steps()).containsExactly(new Change(Protocol.TCP, inLine(3), inLine(4)));
        assertThat(summary(plan)).isEmpty();
    }

    private static Forward inLine(int line) {
        ListOrigin allow = new ListOrigin("", "", "proxy.toml:" + line);
        return Forwards.tcp()
                .listen("*", 80)
                .toWsl(80)
                .access(new Access(List.of(), List.of(), allow, ListOrigin.NONE))
                .named("x");
    }

    @Test
    void anotherProtocolBesideLeavesTheFirst() {
        Forward both = new Forward(
                "web",
                Set.of(Protocol.TCP, Protocol.UDP),
                WEB.listens(),
                WEB.target(),
                WEB.access(),
                WEB.timeouts(),
                WEB.limits(),
                WEB.proxyProtocol());

        assertThat(plan(List.of(WEB), List.of(both)).steps())
                .containsExactly(new Change(Protocol.TCP, WEB, both), new Add(Protocol.UDP, both));
        assertThat(plan(List.of(both), List.of(WEB)).steps())
                .containsExactly(new Remove(Protocol.UDP, both), new Change(Protocol.TCP, both, WEB));
    }

    @Test
    void theOtherTablesAreComparedToo() {
        Settings before = settings(List.of(WEB));
        Settings after = new Settings(
                new WslSettings(
                        Optional.of("Debian"),
                        Optional.empty(),
                        List.of(),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        OnStopped.REFUSE,
                        Duration.ofSeconds(30),
                        false),
                before.limits(),
                before.status(),
                new LogSettings(Level.DEBUG, Optional.empty()),
                before.defaults(),
                Optional.empty(),
                before.forwards());

        ReloadPlan plan = ReloadPlan.of(before, after);

        assertThat(summary(plan)).isEqualTo("[wsl] changed, [log] changed");
    }

    @Test
    void otherLimitsOfTheProgramTouchNoForward() {
        Settings before = settings(List.of(WEB));
        Settings after = new Settings(
                before.wsl(),
                new LimitSettings(8192, 1024, 4096, 0),
                before.status(),
                before.log(),
                before.defaults(),
                before.auto(),
                before.forwards());

        ReloadPlan plan = ReloadPlan.of(before, after);

        assertThat(plan.steps()).containsExactly(new Keep(Protocol.TCP, WEB));
        assertThat(summary(plan)).isEqualTo("[limits] changed");
    }

    @Test
    void anEditIsSummedUpByNames() {
        Forward elsewhere = tcp("127.0.0.1", 5432, 81).named("database");
        Forward renamed = tcp("127.0.0.1", 8000, 80).named("site");
        Forward both = new Forward(
                "web",
                Set.of(Protocol.TCP, Protocol.UDP),
                WEB.listens(),
                WEB.target(),
                WEB.access(),
                WEB.timeouts(),
                WEB.limits(),
                WEB.proxyProtocol());

        assertThat(plan(List.of(WEB, DATABASE), List.of(WEB, elsewhere)).summary(List.of(WEB, DATABASE)))
                .isEqualTo("changed database");
        assertThat(plan(List.of(WEB), List.of(renamed)).summary(List.of(WEB))).isEqualTo("added site, removed web");
        assertThat(plan(List.of(WEB), List.of(both)).summary(List.of(WEB))).isEqualTo("changed web");
        assertThat(plan(List.of(both), List.of(WEB)).summary(List.of(both))).isEqualTo("changed web");
    }

    @Test
    void aShareWhosePortTheFileTakesIsNoChangeOfTheFile() {
        Forward share = tcp("127.0.0.1", 8000, 80).named("share-8000");

        assertThat(plan(List.of(DATABASE, share), List.of(DATABASE, WEB)).summary(List.of(DATABASE)))
                .isEqualTo("added web");
    }

    private static Forwards tcp(String host, int port, int targetPort) {
        return Forwards.tcp().listen(host, port).toWsl(targetPort);
    }

    private static String summary(ReloadPlan plan) {
        return plan.summary(List.of(WEB));
    }

    private static ReloadPlan plan(List<Forward> before, List<Forward> after) {
        return ReloadPlan.of(settings(before), settings(after));
    }

    static Settings settings(List<Forward> forwards) {
        return new Settings(
                new WslSettings(
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        OnStopped.REFUSE,
                        Duration.ofSeconds(30),
                        false),
                new LimitSettings(8192, 1024, 4096, 1000),
                new StatusSettings(Optional.empty()),
                new LogSettings(Level.INFO, Optional.empty()),
                new ForwardDefaults(WEB.access(), WEB.timeouts(), WEB.limits(), WEB.proxyProtocol()),
                Optional.empty(),
                forwards);
    }
}
