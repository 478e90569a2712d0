package io.github.wslproxy.relay.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.relay.EventLoops;
import io.github.wslproxy.relay.ReadBuffers;
import io.github.wslproxy.testing.ExhaustedPool;
import io.netty.buffer.ByteBuf;
import io.netty.channel.RecvByteBufAllocator.Handle;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // As in ReadSizing.
class ReadSizingTest {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    private final EventLoops loops = new EventLoops(1);
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ReadBuffers buffers = loops.readBuffers();
    private final ReadSizing sizing = new ReadSizing(loops);
    private final Handle link = sizing.newHandle();

    @AfterEach
    void end() throws Exception {
        channel.finishAndReleaseAll();
        loops.close().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aNewLinkBeginsSmall() {
        assertThat(link.guess()).isEqualTo(16 * KIB);
    }

    @Test
    void readsThatFillTheBufferGrowToOneMebibyteAndNoFurther() {
        fillReads(20);

        assertThat(link.guess()).isEqualTo(MIB);
    }

    @Test
    void readsThatFillLittleAskForLessAgainDownToWhatNeedsNoLookAtTheMemory() {
        fillReads(20);
        for (int i = 0; i < 100; i++) {
            read(1);
        }

        assertThat(link.guess()).isEqualTo(16 * KIB);
    }

    @Test
    void oneLinksReadsSayNothingAboutAnother() {
        fillReads(20);

        assertThat(sizing.newHandle().guess()).isEqualTo(16 * KIB);
    }

    @Test
    void whatTheBudgetLeavesIsNeverExceeded() {
        fillReads(20);
        buffers.stalled(Integer.MAX_VALUE);

        assertThat(link.guess()).isEqualTo(2 * KIB);
        link.attemptedBytesRead(MIB);
        assertThat(link.attemptedBytesRead()).isEqualTo(2 * KIB);

        buffers.resumed(Integer.MAX_VALUE);
        assertThat(link.guess()).isEqualTo(MIB);
    }

    @Test
    void allLinksReadIntoOneBufferUntilALinkKeepsIt() {
        ByteBuf first = link.allocate(loops.allocator());
        first.writeByte('x').release();
        ByteBuf second = sizing.newHandle().allocate(loops.allocator());
        assertThat(second).isSameAs(first);
        assertThat(second.readableBytes()).isZero();

        ByteBuf third = link.allocate(loops.allocator());
        assertThat(third).isNotSameAs(second);
        second.release();
        third.release();
        assertThat(second.refCnt()).isZero();
        assertThat(link.allocate(loops.allocator())).isSameAs(third);
        third.release();
        FastThreadLocal.removeAll();
        assertThat(third.refCnt()).isZero();
    }

    @Test
    void aLinkGetsABufferAlsoWhereThePoolCannotGrow() {
        fillReads(20);
        ByteBuf buffer = link.allocate(new ExhaustedPool());

        assertThat(buffer.readableBytes()).isZero();
        assertThat(buffer.writableBytes()).isEqualTo(2 * KIB);
        buffer.release();
    }

    @Test
    void oneReadIsOneBuffer() {
        link.reset(channel.config());
        link.incMessagesRead(1);
        link.attemptedBytesRead(link.guess());
        link.lastBytesRead(link.guess());

        assertThat(link.continueReading()).isFalse();
    }

    @Test
    void buffersAreDirectAndComeFromThePool() {
        long before = loops.allocator().metric().usedDirectMemory();
        ByteBuf buffer = link.allocate(loops.allocator());
        assertThat(buffer.isDirect()).isTrue();
        assertThat(buffer.alloc()).isSameAs(loops.allocator());
        assertThat(loops.allocator().metric().usedDirectMemory()).isGreaterThan(before);
        buffer.release();
        FastThreadLocal.removeAll();
    }

    private void fillReads(int count) {
        for (int i = 0; i < count; i++) {
            read(link.guess());
        }
    }

    /** As Netty calls it for one read. */
    private void read(int bytes) {
        link.reset(channel.config());
        link.attemptedBytesRead(link.guess());
        link.lastBytesRead(bytes);
        link.readComplete();
    }
}
