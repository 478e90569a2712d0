package io.github.wslproxy.relay.udp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.relay.DirectMemory;
import io.github.wslproxy.testing.Case;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@Case(26)
class UnsentTest {
    private static final int PART = 100;

    private final DirectMemory memory = new DirectMemory(() -> 0, () -> 0, 16 * PART);
    private final Unsent unsent = new Unsent(memory);
    private final EmbeddedChannel channel = new EmbeddedChannel(unsent);

    @AfterEach
    void end() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aDatagramThatWaitsCountsUntilTheChannelTakesMore() {
        writable(false);
        unsent.waits(PART);
        assertThat(memory.permitsUnsent()).isFalse();

        writable(true);
        assertThat(memory.permitsUnsent()).isTrue();
    }

    @Test
    void aDatagramThatIsSentAtOnceDoesNotCount() {
        writable(false);
        writable(true);

        memory.unsent(PART - 1);
        assertThat(memory.permitsUnsent()).isTrue();
    }

    @Test
    void itIsNoLongerCountedWhenTheChannelIsClosed() {
        writable(false);
        unsent.waits(PART);
        channel.close();
        channel.runPendingTasks();

        assertThat(memory.permitsUnsent()).isTrue();
    }

    private void writable(boolean writable) {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, writable);
        channel.runPendingTasks();
    }
}
