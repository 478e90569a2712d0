package io.github.wslproxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.ExhaustedPool;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectMemoryTest {
    private static final int KIB = 1024;

    private final AtomicLong reserved = new AtomicLong();
    private final AtomicLong filled = new AtomicLong();
    private final DirectMemory memory = new DirectMemory(reserved::get, filled::get, 6400);

    @ParameterizedTest
    @CsvSource({
        "0, 0, true",
        "5600, 5600, true",
        "5601, 4801, false",
        "6400, 4800, true",
        "6400, 0, true",
        "6400, 6400, false",
    })
    void nobodyComesInWhenItIsNearlyReservedAndMostlyInUse(long taken, long used, boolean permits) {
        reserved.set(taken);
        filled.set(used);

        assertThat(memory.permitsOneMore(0)).isEqualTo(permits);
        assertThat(memory.refused()).isEqualTo(permits ? 0 : 1);
    }

    @Test
    void whatIsMeasuredIsThisJvms() throws Exception {
        EventLoops loops = new EventLoops(1);
        try {
            long before = loops.memory().used();
            ByteBuf buffer = loops.allocator().directBuffer(KIB * KIB);
            assertThat(loops.memory().used() - before).isGreaterThanOrEqualTo(KIB * KIB);
            assertThat(loops.memory().max()).isEqualTo(256L << 20);
            assertThat(loops.memory().permitsOneMore(0)).isTrue();
            buffer.release();
        } finally {
            loops.close().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aLinkGetsASmallBufferWhereThePoolCannotGrow() {
        ByteBuf link = memory.forLink(new ExhaustedPool(), 64 * KIB);

        assertThat(link.isDirect()).as("another would be copied to be written").isTrue();
        assertThat(link.readableBytes()).isZero();
        assertThat(link.writableBytes()).isEqualTo(2 * KIB);
        link.release();
    }

    @Test
    void moreLinksThanHaveRoomAreLetInOnlyWhileTheyNeedLittle() {
        long max = 16 << 20;
        DirectMemory small = new DirectMemory(filled::get, filled::get, max);
        int fitting = MemoryNeed.linksThatFit(max);
        assertThat(fitting).isBetween(1000, 3000);
        assertThat(small.permitsOneMore(5 * fitting)).isTrue();

        filled.set(max / 2 + 1);
        assertThat(small.permitsOneMore(fitting)).isTrue();
        assertThat(small.permitsOneMore(fitting + 1)).isFalse();
    }

    @Test
    void spareBuffersComeBackAndWhenAllAreInUseThereIsTheHeap() {
        for (int i = 0; i < 100; i++) {
            ByteBuf read = memory.forLink(new ExhaustedPool(), 2 * KIB);
            assertThat(read.isDirect()).isTrue();
            assertThat(read.readableBytes()).isZero();
            read.writeZero(2 * KIB).release();
        }
        Deque<ByteBuf> all = new ArrayDeque<>();
        do {
            all.add(memory.forLink(new ExhaustedPool(), 2 * KIB));
        } while (all.getLast().isDirect());

        assertThat(all).hasSize(65);
        assertThat(all.getLast().writableBytes()).isEqualTo(2 * KIB);
        all.forEach(ByteBuf::release);
    }

    @Test
    void afterADenialThePoolIsLeftAloneAndNobodyComesIn() {
        memory.forLink(new ExhaustedPool(), 64 * KIB).release();

        ByteBuf next = memory.forLink(UnpooledByteBufAllocator.DEFAULT, 64 * KIB);

        assertThat(next.capacity()).isEqualTo(2 * KIB);
        assertThat(memory.permitsOneMore(0)).isFalse();
        next.release();
    }
}
