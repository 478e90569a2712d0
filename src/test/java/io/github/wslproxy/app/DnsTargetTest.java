package io.github.wslproxy.app;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.FakeTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DnsTargetTest {
    private static final InetAddress FIRST = ip("192.0.2.1");
    private static final InetAddress SECOND = ip("192.0.2.2");
    private static final InetAddress SIXTH = ip("2001:db8::1");

    private final FakeTime executor = new FakeTime();
    private final List<TargetState> told = new ArrayList<>();
    private InetAddress[] answer = {FIRST};
    private int lookUps;
    private boolean defect;

    private final DnsTarget target = new DnsTarget("nas.local", this::find, executor);

    @Test
    void isUnknownUntilItIsStarted() {
        assertThat(target.current().word()).isEqualTo("unknown");
        assertThat(target.current().reason()).contains("nas.local");
    }

    @Test
    void theAnswerIsThereWhenTheStartIsComplete() {
        start();

        assertThat(target.current().address()).contains(FIRST);
        assertThat(target.current().reason()).contains("nas.local").contains("192.0.2.1");
    }

    @Test
    void ofSeveralAddressesTheFirstIpv4OneIsTaken() {
        answer = new InetAddress[] {SIXTH, SECOND, FIRST};

        start();

        assertThat(target.current().address()).contains(SECOND);
    }

    @Test
    void anIpv6AddressIsTakenWhereThereIsNoOther() {
        answer = new InetAddress[] {SIXTH};

        start();

        assertThat(target.current().address()).contains(SIXTH);
    }

    @Test
    void aNameThatNobodyKnowsIsDownWithTheReasonUntilItIsKnown() {
        answer = new InetAddress[0];
        start();
        assertThat(target.current().word()).isEqualTo("down");
        assertThat(target.current().reason()).isEqualTo("the name nas.local does not resolve");

        answer = new InetAddress[] {FIRST};
        executor.pass(Duration.ofSeconds(30));

        assertThat(target.current().address()).contains(FIRST);
    }

    @Test
    void isFollowedWhenItMovesAndToldOnce() {
        start();
        target.onChange(told::add);

        answer = new InetAddress[] {SECOND};
        executor.pass(Duration.ofMinutes(5));

        assertThat(told).extracting(TargetState::address).containsExactly(Optional.of(SECOND));
        assertThat(lookUps).isEqualTo(11);
    }

    @Test
    void aLookUpThatFailsKeepsTheLastAddress() {
        start();
        target.onChange(told::add);

        answer = new InetAddress[0];
        executor.pass(Duration.ofMinutes(5));

        assertThat(target.current().address()).contains(FIRST);
        assertThat(told).isEmpty();
    }

    @Test
    void aFailedConnectHasItLookedUpWithinASecond() {
        start();
        answer = new InetAddress[] {SECOND};

        target.connectFailed();
        executor.pass(Duration.ofSeconds(1));

        assertThat(target.current().address()).contains(SECOND);
    }

    @Test
    void manyFailedConnectsAreOneLookUpASecond() {
        start();
        for (int i = 0; i < 100; i++) {
            for (int j = 0; j < 50; j++) {
                target.connectFailed();
            }
            executor.pass(Duration.ofMillis(50));
        }

        assertThat(lookUps - 1).isBetween(4, 6);
    }

    @Test
    void aSuspicionNeverLooksUpOnTheThreadThatHasIt() {
        start();

        target.connectFailed();

        assertThat(lookUps).isEqualTo(1);
    }

    @Test
    void aFailedConnectWhileEverythingStopsIsNoFailure() {
        start();
        executor.shutdownNow();

        target.connectFailed();

        assertThat(target.current().address()).contains(FIRST);
    }

    @Test
    void anAnswerInAnotherOrderMovesNothing() {
        answer = new InetAddress[] {FIRST, SECOND};
        start();
        target.onChange(told::add);

        answer = new InetAddress[] {SECOND, FIRST};
        executor.pass(Duration.ofMinutes(5));

        assertThat(told).isEmpty();
        assertThat(target.current().address()).contains(FIRST);
    }

    @Test
    void allAddressesAreTriedIpv4First() {
        answer = new InetAddress[] {SIXTH, FIRST, SECOND};

        start();

        assertThat(target.addresses(80)).containsExactly(FIRST, SECOND, SIXTH);
        assertThat(target.current().addresses()).containsExactly(FIRST, SECOND, SIXTH);
    }

    @Test
    void theAddressThatWorkedIsTriedFirstForItsPortOnly() {
        answer = new InetAddress[] {FIRST, SECOND, SIXTH};
        start();

        target.worked(new InetSocketAddress(SIXTH, 80));

        assertThat(target.addresses(80)).containsExactly(SIXTH, FIRST, SECOND);
        assertThat(target.addresses(443)).containsExactly(FIRST, SECOND, SIXTH);
    }

    @Test
    void theAddressThatWorkedStaysFirstOverLaterLookUpsUntilTheNameHasItNoMore() {
        answer = new InetAddress[] {FIRST, SECOND};
        start();
        target.worked(new InetSocketAddress(SECOND, 80));

        answer = new InetAddress[] {SIXTH, FIRST, SECOND};
        executor.pass(Duration.ofSeconds(30));
        assertThat(target.addresses(80)).containsExactly(SECOND, FIRST, SIXTH);

        answer = new InetAddress[] {FIRST};
        executor.pass(Duration.ofSeconds(30));
        assertThat(target.addresses(80)).containsExactly(FIRST);
    }

    @Test
    void theListIsTheSameObjectWhileNothingChanges() {
        answer = new InetAddress[] {FIRST, SECOND};
        start();
        target.worked(new InetSocketAddress(SECOND, 80));
        List<InetAddress> before = target.addresses(80);

        target.worked(new InetSocketAddress(SECOND, 80));
        executor.pass(Duration.ofMinutes(5));

        assertThat(target.addresses(80)).isSameAs(before);
    }

    @Test
    void anAddressThatFailedIsTriedLastAndTheNameIsLookedUpWithinASecond() {
        answer = new InetAddress[] {FIRST, SECOND};
        start();

        target.failed(new InetSocketAddress(FIRST, 80));
        executor.pass(Duration.ofSeconds(1));

        assertThat(target.addresses(80)).containsExactly(SECOND, FIRST);
        assertThat(lookUps).isEqualTo(2);
    }

    @Test
    void aFailureOfAnAddressThatIsNotFirstChangesNothing() {
        answer = new InetAddress[] {FIRST, SECOND};
        start();

        target.failed(new InetSocketAddress(SECOND, 80));
        target.worked(new InetSocketAddress(SIXTH, 80));

        assertThat(target.addresses(80)).containsExactly(FIRST, SECOND);
    }

    @Test
    void aNameWithVeryManyAddressesIsTriedAtTheFirstEight() {
        answer = new InetAddress[40];
        for (int i = 0; i < answer.length; i++) {
            answer[i] = ip("192.0.2." + (i + 1));
        }

        start();

        assertThat(target.addresses(80)).hasSize(8).startsWith(FIRST);
    }

    private void start() {
        CompletableFuture<Void> started = target.start().toCompletableFuture();
        executor.pass(Duration.ZERO);
        assertThat(started).isCompleted();
    }

    @Test
    void aDefectInALookUpDoesNotEndTheOthers() {
        target.start();
        defect = true;
        executor.pass(Duration.ofSeconds(60));
        int before = lookUps;
        defect = false;
        answer = new InetAddress[] {SECOND};

        executor.pass(Duration.ofSeconds(60));

        assertThat(lookUps).isGreaterThan(before);
        assertThat(target.current().address()).contains(SECOND);
    }

    private InetAddress[] find(String name) throws UnknownHostException {
        assertThat(name).isEqualTo("nas.local");
        lookUps++;
        if (defect) {
            throw new IllegalStateException("planted");
        }
        if (answer.length == 0) {
            throw new UnknownHostException(name);
        }
        return answer;
    }
}
