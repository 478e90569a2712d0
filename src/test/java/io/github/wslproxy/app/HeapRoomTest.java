package io.github.wslproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HeapRoomTest {
    private static final long MIB = 1 << 20;

    private final AtomicLong free = new AtomicLong(100 * MIB);
    private final AtomicInteger collected = new AtomicInteger();
    private long freeAfterwards;

    @Test
    void aFreeHeapIsNotCollected() {
        assertThat(of(128 * MIB).isShort()).isFalse();
        assertThat(collected).hasValue(0);
    }

    @Test
    void whatCouldBeCollectedIsRoom() {
        free.set(MIB);
        freeAfterwards = 30 * MIB;

        assertThat(of(128 * MIB).isShort()).isFalse();
        assertThat(collected).hasValue(1);
    }

    @Test
    void aFullHeapIsShort() {
        free.set(MIB);
        freeAfterwards = 29 * MIB;
        HeapRoom room = of(128 * MIB);

        assertThat(room.isShort()).isTrue();
        assertThat(room.words()).isEqualTo("29 MiB of Java's heap are free, 30 may be needed");
    }

    @Test
    void ofASmallHeapAQuarterIsEnough() {
        free.set(2 * MIB);

        assertThat(of(8 * MIB).isShort()).isFalse();
    }

    private HeapRoom of(long max) {
        return new HeapRoom(max, free::get, () -> {
            collected.incrementAndGet();
            free.set(freeAfterwards);
        });
    }
}
