package io.github.wslproxy.relay;

import static io.github.wslproxy.relay.ConnectionLimits.LimitReached.NONE;
import static io.github.wslproxy.relay.ConnectionLimits.LimitReached.OF_CLIENT;
import static io.github.wslproxy.relay.ConnectionLimits.LimitReached.OF_FORWARD;
import static io.github.wslproxy.relay.ConnectionLimits.LimitReached.OF_PROGRAM;
import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.relay.ConnectionLimits.LimitReached;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {
    private static final LocalAddresses NO_ADAPTERS = new LocalAddresses(Set::of, System::nanoTime);
    private static final ClientKey PHONE = key("192.168.1.50");
    private static final ClientKey TABLET = key("192.168.1.51");
    private static final ClientKey LAPTOP = key("fd00:77::52");

    private final Cap program = new Cap(100);

    private static ClientKey key(String address) {
        return ClientKey.of(ip(address), NO_ADAPTERS);
    }

    @Test
    void oneClientGetsNoMoreThanItsShareAndLeavesTheRestToOthers() {
        ConnectionLimits limits = new ConnectionLimits(program, 3, 2);

        assertThat(List.of(limits.take(PHONE), limits.take(PHONE), limits.take(PHONE), limits.take(TABLET)))
                .containsExactly(NONE, NONE, OF_CLIENT, NONE);
        assertThat(limits.inUse()).isEqualTo(3);
    }

    @Test
    void allClientsTogetherGetNoMoreThanTheCap() {
        ConnectionLimits limits = new ConnectionLimits(program, 2, 2);

        assertThat(List.of(limits.take(PHONE), limits.take(TABLET), limits.take(LAPTOP)))
                .containsExactly(NONE, NONE, OF_FORWARD);
        assertThat(limits.inUse()).isEqualTo(2);
    }

    @Test
    void allForwardsTogetherGetNoMoreThanTheCapOfTheProgram() {
        Cap two = new Cap(2);
        ConnectionLimits one = new ConnectionLimits(two, 5, 5);
        ConnectionLimits other = new ConnectionLimits(two, 5, 5);

        assertThat(List.of(one.take(PHONE), other.take(PHONE), one.take(PHONE), other.take(TABLET)))
                .containsExactly(NONE, NONE, OF_PROGRAM, OF_PROGRAM);
        assertThat(one.inUse()).isEqualTo(1);

        other.giveBack(PHONE);
        assertThat(one.take(PHONE)).isEqualTo(NONE);
    }

    @Test
    void aSlotThatWasGivenBackCanBeTakenAgain() {
        ConnectionLimits limits = new ConnectionLimits(program, 1, 1);
        assertThat(limits.take(PHONE)).isEqualTo(NONE);
        assertThat(limits.take(PHONE)).isNotEqualTo(NONE);

        limits.giveBack(PHONE);

        assertThat(limits.inUse()).isZero();
        assertThat(limits.take(PHONE)).isEqualTo(NONE);
    }

    @Test
    void aRefusalTakesNothing() {
        ConnectionLimits limits = new ConnectionLimits(program, 2, 1);
        limits.take(PHONE);
        for (int i = 0; i < 10; i++) {
            assertThat(limits.take(PHONE)).isEqualTo(OF_CLIENT);
        }

        assertThat(limits.inUse()).isEqualTo(1);
        assertThat(limits.take(TABLET)).isEqualTo(NONE);

        limits.giveBack(PHONE);
        limits.giveBack(TABLET);
        assertThat(limits.inUse()).isZero();
        assertThat(limits.take(PHONE)).isEqualTo(NONE);
    }

    @Test
    void neverMoreThanTheCapsAreGrantedHoweverManyAskAtOnce() throws Exception {
        int threads = 8;
        ConnectionLimits limits = new ConnectionLimits(program, 5, 3);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 200; round++) {
                CyclicBarrier together = new CyclicBarrier(threads);
                List<Future<LimitReached>> answers = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    Callable<LimitReached> asks = () -> {
                        together.await();
                        return limits.take(PHONE);
                    };
                    answers.add(pool.submit(asks));
                }
                int granted = 0;
                for (Future<LimitReached> answer : answers) {
                    granted += answer.get() == NONE ? 1 : 0;
                }
                assertThat(granted).isBetween(1, 3);
                assertThat(limits.inUse()).isEqualTo(granted);
                for (int i = 0; i < granted; i++) {
                    limits.giveBack(PHONE);
                }
                assertThat(limits.inUse()).isZero();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
