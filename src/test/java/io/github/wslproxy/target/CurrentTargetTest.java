package io.github.wslproxy.target;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CurrentTargetTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final InetAddress FIRST = ip("172.30.98.229");
    private static final InetAddress SECOND = ip("172.30.101.7");

    private Instant now = START;
    private final InstantSource instants = () -> now;
    private final Clock clock = instants.withZone(ZoneOffset.UTC);
    private final CurrentTarget target = new CurrentTarget(clock, new TargetState.Unknown("not asked yet"));
    private final List<TargetState> told = new ArrayList<>();

    @Test
    void aNewAddressIsTold() {
        target.onChange(told::add);
        TargetState first = new TargetState.Up(FIRST, "in the WSL network");
        TargetState second = new TargetState.Up(SECOND, "in the WSL network");

        assertThat(target.publish(first)).isTrue();
        assertThat(target.publish(second)).isTrue();

        assertThat(told).containsExactly(first, second);
        assertThat(target.current()).isEqualTo(second);
    }

    @Test
    void aNewStateIsToldAlthoughTheAddressIsTheSame() {
        target.publish(new TargetState.Up(FIRST, "up"));
        target.onChange(told::add);
        TargetState onLan = new TargetState.OnLan("mirrored", FIRST, "shares it");

        assertThat(target.publish(onLan)).isTrue();
        assertThat(told).containsExactly(onLan);
    }

    @Test
    void aNewReasonAloneIsKeptSilently() {
        target.publish(new TargetState.Down("the distribution is stopped"));
        target.onChange(told::add);
        TargetState reworded = new TargetState.Down("no distribution runs");

        assertThat(target.publish(reworded)).isFalse();

        assertThat(told).isEmpty();
        assertThat(target.current()).isEqualTo(reworded);
    }

    @Test
    void aStateBeganWhenItOrTheAddressChangedAndNotWhenTheReasonDid() {
        assertThat(target.snapshot().since()).isEqualTo(START);
        pass(10);
        target.publish(new TargetState.Up(FIRST, "first"));
        pass(10);
        target.publish(new TargetState.Up(FIRST, "still; but the last probe failed"));
        assertThat(target.snapshot().since()).isEqualTo(START.plusSeconds(10));

        target.publish(new TargetState.Up(SECOND, "moved"));
        assertThat(target.snapshot().since()).isEqualTo(START.plusSeconds(20));
    }

    @Test
    void aListenerSeesTheStateItIsToldAbout() {
        List<TargetState> seen = new ArrayList<>();
        target.onChange(state -> seen.add(target.current()));
        TargetState up = new TargetState.Up(FIRST, "up");

        target.publish(up);

        assertThat(seen).containsExactly(up);
    }

    @Test
    void suspicionGoesToWhoeverAsksNow() {
        AtomicInteger asked = new AtomicInteger();
        target.connectFailed();
        target.onConnectFailed(asked::incrementAndGet);
        target.connectFailed();
        target.connectFailed();

        assertThat(asked).hasValue(2);
    }

    @Test
    void onlyUpAndOnLanHaveAnAddress() {
        assertThat(new TargetState.Up(FIRST, "r").address()).contains(FIRST);
        assertThat(new TargetState.OnLan("mirrored", SECOND, "r").address()).contains(SECOND);
        assertThat(new TargetState.Down("r").address()).isEmpty();
        assertThat(new TargetState.Unknown("r").address()).isEmpty();
    }

    @Test
    void aStateReturnsTheSameListOfAddressesEachTime() {
        for (TargetState state : List.of(
                new TargetState.Up(FIRST, "r"),
                new TargetState.OnLan("mirrored", SECOND, "r"),
                new TargetState.Down("r"),
                new TargetState.Unknown("r"))) {
            assertThat(state.addresses()).isSameAs(state.addresses());
        }
    }

    @Test
    void theWordsAreThoseOfTheStatusJson() {
        assertThat(List.of(
                        new TargetState.Up(FIRST, "r").word(),
                        new TargetState.Down("r").word(),
                        new TargetState.Unknown("r").word(),
                        new TargetState.OnLan("mirrored", SECOND, "r").word()))
                .containsExactly("up", "down", "unknown", "on-lan");
    }

    @Test
    void aFixedTargetIsAlwaysUp() {
        TargetSource fixed = TargetSource.fixed(FIRST);
        fixed.connectFailed();

        assertThat(fixed.current().word()).isEqualTo("up");
        assertThat(fixed.current().address()).contains(FIRST);
    }

    private void pass(long seconds) {
        now = now.plusSeconds(seconds);
    }

    @Test
    void anAddressIsNewForHalfAMinuteUnlessItWasThereBeforeAnybodyAsked() {
        AtomicLong nanos = new AtomicLong();
        CurrentTarget timed = new CurrentTarget(clock, new TargetState.Unknown("not asked yet"), nanos::get);
        timed.publish(new TargetState.Up(FIRST, "the first answer"));
        assertThat(timed.recentlyChanged()).isFalse();

        timed.publish(new TargetState.Up(SECOND, "it moved"));
        assertThat(timed.recentlyChanged()).isTrue();
        nanos.addAndGet(Duration.ofSeconds(30).toNanos());
        assertThat(timed.recentlyChanged()).isFalse();

        timed.publish(new TargetState.Down("stopped"));
        assertThat(timed.recentlyChanged()).isFalse();
        timed.publish(new TargetState.Up(SECOND, "started"));
        timed.publish(new TargetState.Up(SECOND, "another reason"));
        assertThat(timed.recentlyChanged()).isTrue();
    }

    @Test
    void clientsAreNotKeptWaitingUnlessThatIsAskedFor() {
        AtomicInteger wanted = new AtomicInteger();
        assertThat(target.holdTimeout()).isZero();
        target.requestWake();

        target.whileStopped(Duration.ofSeconds(30), wanted::incrementAndGet);
        target.requestWake();

        assertThat(target.holdTimeout()).hasSeconds(30);
        assertThat(wanted).hasValue(1);
    }
}
