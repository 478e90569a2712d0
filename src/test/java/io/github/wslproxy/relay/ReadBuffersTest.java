package io.github.wslproxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.LimitSettings;
import io.github.wslproxy.testing.ExhaustedPool;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadBuffersTest {
    private static final int KIB = 1024;
    private static final long MIB = 1 << 20;
    private static final int BUDGET = 1000;
    private static final LimitSettings DEFAULTS = new LimitSettings(8192, 1024, 4096, 1000);

    private final AtomicLong reserved = new AtomicLong();
    private final AtomicLong filled = new AtomicLong();
    private final ReadBuffers buffers = buffers(4 * BUDGET);

    @ParameterizedTest
    @CsvSource({
        "0, 1048576",
        "499, 1048576",
        "500, 65536",
        "999, 65536",
        "1000, 16384",
        "1499, 16384",
        "1500, 2048",
        "1000000000, 2048",
    })
    void theMoreWaitsTheSmallerIsARead(int waiting, int largest) {
        buffers.stalled(waiting);

        assertThat(buffers.largestRead()).isEqualTo(largest);
    }

    @Test
    void readsAreLargeAgainWhenNothingWaits() {
        buffers.stalled(3 * BUDGET);
        buffers.resumed(2 * BUDGET);
        assertThat(buffers.waiting()).isEqualTo(BUDGET);

        buffers.resumed(BUDGET);

        assertThat(buffers.waiting()).isZero();
        assertThat(buffers.largestRead()).isEqualTo(ReadBuffers.LARGEST);
    }

    @ParameterizedTest
    @CsvSource({
        "3500, 0, 1048576",
        "3501, 0, 16384",
        "3501, 1500, 2048",
        "3875, 0, 16384",
        "3876, 0, 2048",
    })
    void theLastOfTheMemoryIsLeftToSmallReads(int used, int waiting, int largest) {
        reserved.set(used);
        buffers.stalled(waiting);

        assertThat(buffers.largestRead()).isEqualTo(largest);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, true",
        "3500, 3500, true",
        "3501, 3001, false",
        "4000, 3000, true",
        "4000, 0, true",
        "4000, 4000, false",
    })
    void nobodyComesInWhenItIsNearlyReservedAndMostlyInUse(long taken, long used, boolean permits) {
        reserved.set(taken);
        filled.set(used);

        assertThat(buffers.permitsOneMore(0)).isEqualTo(permits);
        assertThat(buffers.refused()).isEqualTo(permits ? 0 : 1);
    }

    @Test
    void whatIsMeasuredIsThisJvms() throws Exception {
        withOneLoop(loops -> {
            long before = loops.readBuffers().used();
            ByteBuf buffer = loops.allocator().directBuffer(KIB * KIB);
            assertThat(loops.readBuffers().used() - before).isGreaterThanOrEqualTo(KIB * KIB);
            assertThat(loops.readBuffers().max()).isEqualTo(256 * MIB);
            assertThat(loops.readBuffers().permitsOneMore(0)).isTrue();
            buffer.release();
        });
    }

    @Test
    void allLinksReadIntoOneBufferUntilALinkKeepsIt() throws Exception {
        withOneLoop(loops -> {
            ByteBuf first = loops.readBuffers().take(loops.allocator());
            first.writeByte('x').release();
            ByteBuf second = loops.readBuffers().take(loops.allocator());
            assertThat(second).isSameAs(first);
            assertThat(second.readableBytes()).isZero();

            ByteBuf third = loops.readBuffers().take(loops.allocator());
            assertThat(third).isNotSameAs(second);
            second.release();
            third.release();
            assertThat(second.refCnt()).isZero();
            ByteBuf fourth = loops.readBuffers().take(loops.allocator());
            assertThat(fourth).isSameAs(third);
            fourth.release();
            FastThreadLocal.removeAll();
            assertThat(third.refCnt()).isZero();
        });
    }

    @Test
    void buffersAreDirectAndComeFromThePool() throws Exception {
        withOneLoop(loops -> {
            long before = loops.allocator().metric().usedDirectMemory();
            ByteBuf buffer = loops.readBuffers().take(loops.allocator());
            assertThat(buffer.isDirect()).isTrue();
            assertThat(buffer.alloc()).isSameAs(loops.allocator());
            assertThat(loops.allocator().metric().usedDirectMemory()).isGreaterThan(before);
            buffer.release();
            FastThreadLocal.removeAll();
        });
    }

    @Test
    void aLinkGetsASmallBufferWhereThePoolCannotGrowAndThePoolIsLeftAloneThen() {
        ByteBuf read = buffers(64 * MIB).take(new ExhaustedPool());
        assertThat(read.readableBytes()).isZero();
        assertThat(read.writableBytes()).isEqualTo(ReadBuffers.SMALLEST);
        read.release();

        ReadBuffers denied = buffers(64 * MIB);
        assertThat(denied.allocate(new ExhaustedPool(), 64 * KIB).release()).isTrue();
        ByteBuf next = denied.allocate(UnpooledByteBufAllocator.DEFAULT, 64 * KIB);
        assertThat(next.isDirect()).isFalse();
        assertThat(next.writableBytes()).isEqualTo(64 * KIB);
        assertThat(denied.permitsOneMore(0)).isFalse();
        next.release();
    }

    @Test
    void moreLinksThanHaveRoomAreLetInOnlyWhileTheyNeedLittle() {
        ReadBuffers small = buffers(16 * MIB);
        int fitting = small.linksThatFit();
        assertThat(fitting).isBetween(1000, 3000);
        assertThat(small.permitsOneMore(5 * fitting)).isTrue();

        filled.set(8 * MIB + 1);
        assertThat(small.permitsOneMore(fitting)).isTrue();
        assertThat(small.permitsOneMore(fitting + 1)).isFalse();
    }

    @Test
    void whatSoManyLinksMakeWaitThatHaveAllStoppedFits() {
        ReadBuffers all = buffers(64 * MIB);
        for (int i = 0; i < 2 * all.linksThatFit(); i++) {
            all.stalled(all.largestRead());
        }

        assertThat(all.waiting()).isLessThan(64 * MIB);
    }

    @Test
    void theDefaultsFitIntoWhatTheProgramIsStartedWith() throws Exception {
        Matcher option = Pattern.compile("(?m)^-XX:MaxDirectMemorySize=(\\d+)m$")
                .matcher(Files.readString(Path.of("dist/jvm.options")));
        assertThat(option.find()).isTrue();

        assertThat(buffers(Long.parseLong(option.group(1)) * MIB).warning(DEFAULTS))
                .isEmpty();
    }

    @Test
    void moreLinksThanTheMemorySufficesForAreSaidWithWhatWouldDo() {
        assertThat(buffers(64 * MIB).warning(new LimitSettings(20_000, 1024, 4096, 1000)))
                .contains("max_connections = 20000 in [limits] may need 105 MiB of direct memory, Java permits 64 MiB;"
                        + " new clients are refused when it runs short: set max_connections to 9696 or less, or"
                        + " -XX:MaxDirectMemorySize (jvm.options) to 144m and -Xmx to 112m or more");
    }

    @ParameterizedTest
    @ValueSource(ints = {12_000, 20_000, 100_000, 1_000_000})
    void whatItRecommendsIsEnough(int links) {
        LimitSettings limits = new LimitSettings(links, 1024, 4096, 1000);
        String said = buffers(64 * MIB).warning(limits).orElseThrow();
        Matcher figures = Pattern.compile("to (\\d+) or less.* to (\\d+)m and").matcher(said);
        assertThat(figures.find()).as(said).isTrue();

        LimitSettings fewer = new LimitSettings(Integer.parseInt(figures.group(1)), 1024, 4096, 1000);
        assertThat(buffers(64 * MIB).warning(fewer)).isEmpty();
        assertThat(buffers(Long.parseLong(figures.group(2)) * MIB).warning(limits))
                .isEmpty();
    }

    private ReadBuffers buffers(long max) {
        return new ReadBuffers(reserved::get, filled::get, max, 2);
    }

    private static void withOneLoop(Consumer<EventLoops> test) throws Exception {
        EventLoops loops = new EventLoops(1);
        try {
            test.accept(loops);
        } finally {
            loops.close().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }
}
