package io.github.wslproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AcceptFailuresTest {
    private final EmbeddedChannel listener = new EmbeddedChannel(new StatusServer.AcceptFailures());

    /** Windows reports a client that has gone before it was accepted. */
    @Test
    void afterAFewFailuresItAcceptsOnAtOnce() {
        fail(5);
        assertThat(accepts()).isTrue();

        listener.writeInbound("client");
        fail(5);
        assertThat(accepts()).isTrue();
    }

    @Test
    void whereNoneCanBeAcceptedItRestsLongerAndLonger() {
        listener.freezeTime();
        fail(5);
        for (long rest : new long[] {10, 20, 40, 80, 160, 320, 640, 1000, 1000}) {
            fail(1);
            assertThat(accepts()).isFalse();
            pass(rest - 1);
            assertThat(accepts()).isFalse();
            pass(1);
            assertThat(accepts()).isTrue();
        }
    }

    @Test
    void oneClientThatIsAcceptedEndsTheRests() {
        listener.freezeTime();
        fail(10);
        pass(1000);
        listener.writeInbound("client");
        fail(5);

        assertThat(accepts()).isTrue();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            listener.pipeline().fireExceptionCaught(new IOException("Too many open files"));
        }
    }

    private void pass(long millis) {
        listener.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        listener.runScheduledPendingTasks();
    }

    private boolean accepts() {
        return listener.config().isAutoRead();
    }
}
