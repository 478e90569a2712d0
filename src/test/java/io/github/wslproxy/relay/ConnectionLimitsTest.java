package io.github.wslproxy.relay;

import static io.github.wslproxy.relay.ConnectionLimits.Answer.CLIENT_FULL;
import static io.github.wslproxy.relay.ConnectionLimits.Answer.FULL;
import static io.github.wslproxy.relay.ConnectionLimits.Answer.GRANTED;
import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.relay.ConnectionLimits.Answer;
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

    private static ClientKey key(String address) {
        return ClientKey.of(ip(address), NO_ADAPTERS);
    }

    @Test
    void oneClientGetsNoMoreThanItsShareAndLeavesTheRestToOthers() {
        ConnectionLimits slots = new ConnectionLimits(3, 2);

        assertThat(List.of(slots.take(PHONE), slots.take(PHONE), slots.take(PHONE), slots.take(TABLET)))
                .containsExactly(GRANTED, GRANTED, CLIENT_FULL, GRANTED);
        assertThat(slots.inUse()).isEqualTo(3);
    }

    @Test
    void allClientsTogetherGetNoMoreThanTheCap() {
        ConnectionLimits slots = new ConnectionLimits(2, 2);

        assertThat(List.of(slots.take(PHONE), slots.take(TABLET), slots.take(LAPTOP)))
                .containsExactly(GRANTED, GRANTED, FULL);
        assertThat(slots.inUse()).isEqualTo(2);
    }

    @Test
    void aSlotThatWasGivenBackCanBeTakenAgain() {
        ConnectionLimits slots = new ConnectionLimits(1, 1);
        assertThat(slots.take(PHONE)).isEqualTo(GRANTED);
        assertThat(slots.take(PHONE)).isNotEqualTo(GRANTED);

        slots.release(PHONE);

        assertThat(slots.inUse()).isZero();
        assertThat(slots.take(PHONE)).isEqualTo(GRANTED);
    }

    @Test
    void aRefusalTakesNothing() {
        ConnectionLimits slots = new ConnectionLimits(2, 1);
        slots.take(PHONE);
        for (int i = 0; i < 10; i++) {
            assertThat(slots.take(PHONE)).isEqualTo(CLIENT_FULL);
        }

        assertThat(slots.inUse()).isEqualTo(1);
        assertThat(slots.take(TABLET)).isEqualTo(GRANTED);

        slots.release(PHONE);
        slots.release(TABLET);
        assertThat(slots.inUse()).isZero();
        assertThat(slots.take(PHONE)).isEqualTo(GRANTED);
    }

    @Test
    void neverMoreThanTheCapsAreGrantedHoweverManyAskAtOnce() throws Exception {
        int threads = 8;
        ConnectionLimits slots = new ConnectionLimits(5, 3);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 200; round++) {
                CyclicBarrier together = new CyclicBarrier(threads);
                List<Future<Answer>> answers = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    Callable<Answer> asks = () -> {
                        together.await();
                        return slots.take(PHONE);
                    };
                    answers.add(pool.submit(asks));
                }
                int granted = 0;
                for (Future<Answer> answer : answers) {
                    granted += answer.get() == GRANTED ? 1 : 0;
                }
                assertThat(granted).isBetween(1, 3);
                assertThat(slots.inUse()).isEqualTo(granted);
                for (int i = 0; i < granted; i++) {
                    slots.release(PHONE);
                }
                assertThat(slots.inUse()).isZero();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
