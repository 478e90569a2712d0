package io.github.wslproxy.app;

import static io.github.wslproxy.testing.Forwards.block;
import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.app.ForwardSet.Share;
import io.github.wslproxy.config.ForwardDefaults;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.status.AdminApi.ShareRequest;
import io.github.wslproxy.status.Snapshot.Origin;
import io.github.wslproxy.testing.Forwards;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ForwardSetTest {
    private static final Share.End END = new Share.End(Instant.parse("2026-11-22T12:00:00Z"), 0);
    private static final Forward WEB = everywhere(8080).named("web");
    private static final Settings FILE = ReloadPlanTest.settings(List.of(WEB));
    private static final Share SHARED = share(3000);
    private static final Forward SHARE = SHARED.forward();
    private static final Forward AUTO = everywhere(5173).named("auto-5173");

    private final ForwardSet file = ForwardSet.of(FILE);
    private final ForwardSet all = file.with(SHARED).withAppeared(List.of(AUTO));

    @Test
    void theFileComesFirstThenSharesThenWhatHasAppeared() {
        assertThat(all.effective().forwards()).containsExactly(WEB, SHARE, AUTO);
        assertThat(all.origin(WEB)).isEqualTo(Origin.FILE);
        assertThat(all.origin(SHARE)).isEqualTo(Origin.SHARE);
        assertThat(all.origin(AUTO)).isEqualTo(Origin.AUTO);
        assertThat(all.endsAt(SHARE)).contains(END.at());
        assertThat(all.endsAt(WEB)).isEmpty();
    }

    @Test
    void anEditLeavesSharesAloneUnlessItTakesTheirPort() {
        Forward other = everywhere(9000).named("other");
        Forward taking = everywhere(3000).named("taking");

        assertThat(all.withFile(ReloadPlanTest.settings(List.of(other)))
                        .effective()
                        .forwards())
                .containsExactly(other, SHARE, AUTO);
        ForwardSet taken = all.withFile(ReloadPlanTest.settings(List.of(taking)));
        assertThat(taken.effective().forwards()).containsExactly(taking, AUTO);
        assertThat(taken.shares()).isEmpty();
    }

    @Test
    void whatHasAppearedGivesWayAndComesBackWhenThePortIsFree() {
        Share share = share(5173);

        ForwardSet shared = all.with(share);
        assertThat(shared.effective().forwards()).containsExactly(WEB, SHARE, share.forward());
        assertThat(shared.without("share-5173").effective().forwards()).containsExactly(WEB, SHARE, AUTO);
    }

    @Test
    void anotherProtocolOnTheSamePortIsInNobodysWay() {
        Forward udp = Forwards.udp().listen("*", 8080).toWsl(8080).named("share-8080-udp");

        assertThat(file.inTheWay(udp)).isEmpty();
        assertThat(file.inTheWay(everywhere(8080).named("share-8080"))).contains(WEB);
        assertThat(file.inTheWay(
                        Forwards.tcp().listen("127.0.0.1", 8080).toWsl(8080).named("x")))
                .contains(WEB);
    }

    @Test
    void aShareOfTheSamePortTakesThePlaceOfTheOneBefore() {
        Share longer = new Share(SHARED.request(), new Share.End(END.at().plusSeconds(60), 1), SHARE);

        assertThat(all.with(longer).shares()).containsExactly(longer);
    }

    @Test
    void aPauseLastsUntilItsForwardHasGone() {
        ForwardSet paused = all.withPause("web", true).withPause("share-3000", true);

        assertThat(paused.paused()).containsExactlyInAnyOrder("web", "share-3000");
        assertThat(paused.withFile(ReloadPlanTest.settings(List.of())).paused()).containsExactly("share-3000");
        assertThat(paused.withPause("web", false).paused()).containsExactly("share-3000");
    }

    @Test
    void aShareFollowsTheDefaultsAndEndsWhenAWordOfItLetsInMoreThanThey() {
        Share named = Share.of(request(4000, List.of("private")), END, FILE.defaults());
        ForwardSet live = file.with(SHARED).with(named);
        Settings narrow = narrowed(FILE, "192.168.2.0");

        ForwardSet after = live.withFile(narrow);

        assertThat(after.shares()).singleElement().satisfies(left -> {
            assertThat(left.name()).isEqualTo("share-3000");
            assertThat(left.forward().access().permits(ip("192.168.2.5"))).isTrue();
            assertThat(left.forward().access().permits(ip("192.168.1.5"))).isFalse();
        });
    }

    @Test
    void aShareWhoseClientsWereTypedOutKeepsThemThroughAnEdit() {
        Share named = Share.of(request(4000, List.of("192.168.1.0/24")), END, FILE.defaults());

        ForwardSet after = file.with(named).withFile(narrowed(FILE, "192.168.2.0"));

        assertThat(after.shares()).singleElement().satisfies(left -> assertThat(
                        left.forward().access().permits(ip("192.168.1.5")))
                .isTrue());
    }

    @Test
    void whatIsSharedAgainIsNotPausedAnyMore() {
        ForwardSet paused = all.withPause("share-3000", true);

        assertThat(paused.without("share-3000").paused()).isEmpty();
        assertThat(paused.with(SHARED).paused()).isEmpty();
    }

    @Test
    void aServerThatIsAwayForAMomentStaysPausedThroughAnEdit() {
        ForwardSet away = all.withPause("auto-5173", true).withAppeared(List.of());

        assertThat(away.withFile(FILE).paused()).containsExactly("auto-5173");
    }

    private static Settings narrowed(Settings settings, String network) {
        ForwardDefaults before = settings.defaults();
        Access access = new Access(List.of(block(network, 24)), List.of());
        ForwardDefaults defaults =
                new ForwardDefaults(access, before.timeouts(), before.limits(), before.proxyProtocol());
        return new Settings(
                settings.wsl(),
                settings.limits(),
                settings.status(),
                settings.log(),
                defaults,
                settings.auto(),
                settings.forwards());
    }

    private static Share share(int port) {
        return Share.of(request(port, List.of()), END, FILE.defaults());
    }

    private static ShareRequest request(int port, List<String> allow) {
        return new ShareRequest(port, Set.of(Protocol.TCP), Duration.ofHours(2), allow);
    }

    private static Forwards everywhere(int port) {
        return Forwards.tcp().listen("*", port).toWsl(port);
    }
}
