package io.github.wslproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.status.Snapshot.Origin;
import io.github.wslproxy.testing.Forwards;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveForwardsTest {
    private static final Instant END = Instant.parse("2026-11-22T12:00:00Z");
    private static final Forward WEB = everywhere(8080).named("web");
    private static final Forward SHARE = everywhere(3000).named("share-3000");
    private static final Forward AUTO = everywhere(5173).named("auto-5173");

    private final LiveForwards file = LiveForwards.of(ReloadPlanTest.settings(List.of(WEB)));
    private final LiveForwards all = file.with(new Share(SHARE, END)).withAppeared(List.of(AUTO));

    @Test
    void theFileComesFirstThenSharesThenWhatHasAppeared() {
        assertThat(all.effective().forwards()).containsExactly(WEB, SHARE, AUTO);
        assertThat(all.origin(WEB)).isEqualTo(Origin.FILE);
        assertThat(all.origin(SHARE)).isEqualTo(Origin.SHARE);
        assertThat(all.origin(AUTO)).isEqualTo(Origin.AUTO);
        assertThat(all.endsAt(SHARE)).contains(END);
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
        LiveForwards taken = all.withFile(ReloadPlanTest.settings(List.of(taking)));
        assertThat(taken.effective().forwards()).containsExactly(taking, AUTO);
        assertThat(taken.shares()).isEmpty();
    }

    @Test
    void whatHasAppearedGivesWayAndComesBackWhenThePortIsFree() {
        Share share = new Share(everywhere(5173).named("share-5173"), END);

        LiveForwards shared = all.with(share);
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
        Share longer = new Share(SHARE, END.plusSeconds(60));

        assertThat(all.with(longer).shares()).containsExactly(longer);
    }

    @Test
    void aPauseLastsUntilItsForwardHasGone() {
        LiveForwards paused = all.paused("web", true).paused("share-3000", true);

        assertThat(paused.paused()).containsExactlyInAnyOrder("web", "share-3000");
        assertThat(paused.withFile(ReloadPlanTest.settings(List.of())).paused()).containsExactly("share-3000");
        assertThat(paused.paused("web", false).paused()).containsExactly("share-3000");
    }

    private static Forwards everywhere(int port) {
        return Forwards.tcp().listen("*", port).toWsl(port);
    }
}
