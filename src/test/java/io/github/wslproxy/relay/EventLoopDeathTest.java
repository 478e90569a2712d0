package io.github.wslproxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Escalations;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoOps;
import io.netty.channel.nio.NioSelectableChannelIoHandle;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With an event loop its channels would fall silent, open as they are. */
class EventLoopDeathTest {
    @RegisterExtension
    final Escalations escalations = new Escalations();

    @Test
    void anEventLoopThatAnErrorHasEndedIsNotKeptSecret() throws Exception {
        EventLoops loops = new EventLoops(1);
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        IoEventLoop loop = (IoEventLoop) loops.all().get(0);
        loop.register(new Deadly(pipe.source()))
                .addListener(registered -> ((IoRegistration) registered.getNow()).submit(NioIoOps.READ))
                .await(10, TimeUnit.SECONDS);
        pipe.sink().write(ByteBuffer.allocate(1));

        assertThat(escalations.next()).hasMessage("an event loop has ended").hasRootCauseMessage("planted");
        pipe.sink().close();
        pipe.source().close();
        loops.close().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void loopsThatAreClosedAreNoFailure() throws Exception {
        new EventLoops(2).close().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** Fails where Netty hands Errors on to the loop. */
    private static final class Deadly extends NioSelectableChannelIoHandle<Pipe.SourceChannel> {
        Deadly(Pipe.SourceChannel source) {
            super(source);
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            throw new StackOverflowError("planted");
        }

        @Override
        protected void handle(Pipe.SourceChannel channel, SelectionKey key) {}

        @Override
        public void close() {}
    }
}
