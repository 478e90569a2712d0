package io.github.wslproxy.relay.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.relay.ReadBuffers;
import org.junit.jupiter.api.Test;

class ReadSizeTest {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    private final ReadBuffers buffers = new ReadBuffers(() -> 0, () -> 0, 64L * MIB, 2);
    private final ReadSize size = new ReadSize(buffers);

    @Test
    void aNewLinkBeginsSmall() {
        assertThat(size.next(MIB)).isEqualTo(16 * KIB);
    }

    @Test
    void readsThatFillTheBufferGrowToOneMebibyteAndNoFurther() {
        fillReads(20);

        assertThat(size.next(2 * MIB)).isEqualTo(MIB);
    }

    @Test
    void readsThatFillLittleAskForLessAgainDownToWhatNeedsNoLookAtTheMemory() {
        fillReads(20);
        for (int i = 0; i < 100; i++) {
            size.noteRead(1);
        }

        assertThat(size.next(MIB)).isEqualTo(16 * KIB);
    }

    @Test
    void neitherTheBudgetNorTheRoomIsExceeded() {
        fillReads(20);
        assertThat(size.next(KIB)).isEqualTo(KIB);
        buffers.stalled(Integer.MAX_VALUE);

        assertThat(size.next(MIB)).isEqualTo(2 * KIB);

        buffers.resumed(Integer.MAX_VALUE);
        assertThat(size.next(MIB)).isEqualTo(MIB);
    }

    private void fillReads(int count) {
        for (int i = 0; i < count; i++) {
            size.noteRead(size.next(2 * MIB));
        }
    }
}
