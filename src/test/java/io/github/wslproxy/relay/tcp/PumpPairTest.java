package io.github.wslproxy.relay.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.relay.tcp.FakeLink.LinkEnd;
import io.github.wslproxy.relay.tcp.Preread.FirstBytes;
import io.github.wslproxy.testing.RelayFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a link ends. */
class PumpPairTest {
    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    private FakeLink link;

    @BeforeEach
    void connect() throws Exception {
        link = FakeLink.connect(fixture);
    }

    @Test
    void theLinkIsOverWhenBothSidesHaveEndedAndNobodyIsReset() throws Exception {
        link.begin(FirstBytes.NONE);

        link.client().peer().shutdownOutput();
        assertThat(link.target().peer().getInputStream().read()).isEqualTo(-1);
        assertThat(link.isOver()).isFalse();
        link.target().peer().shutdownOutput();

        assertThat(link.nextEnd()).isEqualTo(new LinkEnd("client ended first", false, false));
        assertThat(link.ask(link.pumps()::clientEndedFirst)).isTrue();
    }

    @Test
    void aTargetThatEndsFirstIsNamed() throws Exception {
        link.begin(FirstBytes.NONE);

        link.target().peer().shutdownOutput();
        assertThat(link.client().peer().getInputStream().read()).isEqualTo(-1);
        link.client().peer().shutdownOutput();

        assertThat(link.nextEnd()).isEqualTo(new LinkEnd("target ended first", false, false));
        assertThat(link.ask(link.pumps()::clientEndedFirst)).isFalse();
    }

    @Test
    void aResetOfOneSideResetsBoth() throws Exception {
        link.begin(FirstBytes.NONE);

        link.target().reset();

        assertThat(link.nextEnd()).isEqualTo(new LinkEnd("target failed: Connection reset", true, true));
    }

    @Test
    void aSocketThatIsClosedByOthersEndsTheLink() throws Exception {
        link.begin(FirstBytes.NONE);

        link.run(link.client().socket()::close);

        assertThat(link.nextEnd()).isEqualTo(new LinkEnd("client failed: ClosedChannelException", true, true));
    }

    @Test
    void aLinkThatComesBackToWslproxyEndsAndSaysSo() throws Exception {
        link.begin(FirstBytes.NONE);

        link.run(link.target().socket()::cameBack);

        assertThat(link.nextEnd().reason()).isEqualTo("target failed: wslproxy itself listens there");
    }

    @Test
    void anIdleLinkIsResetOnBothSides() throws Exception {
        link.begin(FirstBytes.NONE);
        assertThat(link.expiresAfter(FakeLink.IDLE.minusSeconds(10))).isFalse();
        assertThat(link.expiresAfter(FakeLink.IDLE.plusSeconds(10))).isTrue();

        link.run(() -> link.pumps().expire());

        assertThat(link.nextEnd()).isEqualTo(new LinkEnd("idle for 2m", true, true));
    }

    @Test
    void ofAHalfClosedLinkOnlyTheSideThatWaitsForMoreIsReset() throws Exception {
        link.begin(FirstBytes.NONE);
        link.client().peer().shutdownOutput();
        assertThat(link.target().peer().getInputStream().read()).isEqualTo(-1);
        assertThat(link.expiresAfter(FakeLink.HALF_CLOSE.plusSeconds(10))).isTrue();

        link.run(() -> link.pumps().expire());

        assertThat(link.nextEnd()).isEqualTo(new LinkEnd("one side had ended, no progress for 1m", true, false));
    }

    @Test
    void itIsCutOffOnce() throws Exception {
        link.begin(FirstBytes.NONE);

        link.run(() -> link.pumps().cutOff("by hand"));
        link.run(() -> link.pumps().cutOff("again"));

        assertThat(link.nextEnd()).isEqualTo(new LinkEnd("by hand", true, true));
    }
}
