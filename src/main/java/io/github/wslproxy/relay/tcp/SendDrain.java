package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.os.Fault;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.nio.AbstractNioChannel;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until the kernel has sent what it holds of a channel's bytes, so that a reset, which throws such bytes away,
 * comes after them. Java cannot ask how many they are. Instead the send buffer is made as small as the kernel lets it
 * be: from then on the socket counts as writable only when no more than about two kilobytes are left (Linux,
 * sk_stream_is_writeable). Where a system does not work like that, the wait ends at once.
 */
final class SendDrain {
    private static final Logger log = LoggerFactory.getLogger(SendDrain.class);
    private static final int LOOK_MILLIS = 20;

    private final Map<EventLoop, OfLoop> byLoop = new ConcurrentHashMap<>();

    /** Call it on the channel's loop, on which {@code then} is run, or at once if that cannot be waited for. */
    void whenSent(Channel channel, Runnable then) {
        byLoop.computeIfAbsent(channel.eventLoop(), OfLoop::new).add(channel, then);
    }

    /**
     * The channels of one loop that are waited for. Its selector beside the loop's own is open only while there are
     * any.
     */
    private static final class OfLoop {
        private final EventLoop loop;
        private @Nullable Selector selector;

        OfLoop(EventLoop loop) {
            this.loop = loop;
        }

        void add(Channel channel, Runnable then) {
            try {
                channel.config().setOption(ChannelOption.SO_SNDBUF, 1);
                boolean looking = selector != null;
                Selector open = selector == null ? Selector.open() : selector;
                selector = open;
                ((AbstractNioChannel.NioUnsafe) channel.unsafe()).ch().register(open, SelectionKey.OP_WRITE, then);
                if (!looking) {
                    look();
                }
            } catch (IOException | ChannelException closedOrNoDescriptorLeft) {
                closeIfIdle();
                then.run();
            }
        }

        private void look() {
            Selector open = selector;
            if (open == null) {
                return;
            }
            List<Runnable> ready = new ArrayList<>();
            try {
                open.selectNow(key -> take(key, ready));
                // The JDK closes a socket only when no selector has it any more, and the reset leaves with the close.
                open.selectNow();
            } catch (IOException e) {
                open.keys().forEach(key -> take(key, ready));
            }
            boolean idle = closeIfIdle();
            ready.forEach(
                    one -> Fault.contain(one, failure -> log.warn("a link was not ended: {}", Fault.line(failure))));
            if (!idle) {
                loop.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
            }
        }

        private static void take(SelectionKey key, List<Runnable> ready) {
            key.cancel();
            ready.add((Runnable) key.attachment());
        }

        private boolean closeIfIdle() {
            Selector open = selector;
            if (open == null || open.keys().stream().anyMatch(SelectionKey::isValid)) {
                return open == null;
            }
            selector = null;
            try {
                open.close();
            } catch (IOException e) {
                log.debug("a selector could not be closed", e);
            }
            return true;
        }
    }
}
