package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.os.Fault;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a peer has reset a connection from which nothing is read for now, as its bytes wait for a slow receiver:
 * NIO tells of a reset only to who reads or writes. A selector that is asked whether a connect is finished, of a
 * channel that is connected long since, answers only when the channel has failed. There is one for each event loop,
 * used on it only, and open while any channel is watched.
 */
final class ResetWatch {
    private static final Logger log = LoggerFactory.getLogger(ResetWatch.class);
    private static final int LOOK_MILLIS = 500;

    private static final FastThreadLocal<ResetWatch> OF_THIS_THREAD = new FastThreadLocal<>() {
        @Override
        protected ResetWatch initialValue() {
            return new ResetWatch();
        }
    };

    private @Nullable Selector selector;

    private ResetWatch() {}

    /** That of the event loop on which this is called. */
    static ResetWatch ofThisLoop() {
        return OF_THIS_THREAD.get();
    }

    /**
     * Begins to watch.
     *
     * @param loop the channel's, on which this is called and {@code whenReset} is run, once
     * @return for {@link #forget}; null if no selector can be had, and then it is not watched
     */
    @Nullable
    SelectionKey watch(EventLoop loop, TcpSocket channel, Runnable whenReset) {
        try {
            Selector open = selector;
            if (open == null) {
                open = Selector.open();
                selector = open;
                lookLater(loop, open);
            }
            return channel.javaChannel().register(open, SelectionKey.OP_CONNECT, whenReset);
        } catch (IOException closedOrNoDescriptorLeft) {
            return null;
        }
    }

    /** To be called before the channel is closed: the JDK closes a socket only when no selector has it any more. */
    void forget(SelectionKey key) {
        key.cancel();
        try {
            key.selector().selectNow(unused -> {});
        } catch (IOException | ClosedSelectorException e) {
            log.debug("a channel is watched no longer than its selector is open", e);
        }
    }

    private void lookLater(EventLoop loop, Selector open) {
        loop.schedule(() -> look(loop, open), LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look(EventLoop loop, Selector open) {
        List<Runnable> reset = new ArrayList<>();
        try {
            open.selectNow(key -> {
                key.cancel();
                reset.add((Runnable) key.attachment());
            });
            open.selectNow(unused -> {});
        } catch (IOException e) {
            log.debug("it cannot be told who has reset", e);
        }
        if (open.keys().isEmpty()) {
            selector = null;
            close(open);
        } else {
            lookLater(loop, open);
        }
        reset.forEach(
                one -> Fault.contain(one, failure -> log.warn("a reset was not followed: {}", Fault.line(failure))));
    }

    private static void close(Selector open) {
        try {
            open.close();
        } catch (IOException e) {
            log.debug("a selector could not be closed", e);
        }
    }
}
