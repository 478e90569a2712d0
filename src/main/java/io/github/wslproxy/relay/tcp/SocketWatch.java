package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.os.Fault;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.net.StandardSocketOptions;
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
 * Notices two events of a socket that its event loop is not told of: the kernel has sent all it holds, and the peer has
 * reset the connection while nothing is read from it. A second selector of the event loop, open while any socket is
 * watched, is asked for them now and then. All methods are called on the socket's event loop.
 */
final class SocketWatch {
    private static final Logger log = LoggerFactory.getLogger(SocketWatch.class);

    private static final FastThreadLocal<SocketWatch> SENT = ofEachLoop(20, true);
    private static final FastThreadLocal<SocketWatch> RESET = ofEachLoop(500, false);

    private final int periodMillis;
    private final boolean endsOnFailure;
    private @Nullable Selector selector;

    private SocketWatch(int periodMillis, boolean endsOnFailure) {
        this.periodMillis = periodMillis;
        this.endsOnFailure = endsOnFailure;
    }

    private static FastThreadLocal<SocketWatch> ofEachLoop(int periodMillis, boolean endsOnFailure) {
        return new FastThreadLocal<>() {
            @Override
            protected SocketWatch initialValue() {
                return new SocketWatch(periodMillis, endsOnFailure);
            }
        };
    }

    /**
     * Runs {@code then} once the kernel has sent what it holds, so that a reset, which throws such bytes away, comes
     * after them. Java cannot ask how many they are. Instead the send buffer is made as small as the kernel lets it be:
     * from then on the socket counts as writable only when no more than about two kilobytes are left (Linux,
     * sk_stream_is_writeable). {@code then} runs at once on a system that does not work like that, or where the socket
     * cannot be watched.
     */
    static void whenSent(TcpSocket socket, Runnable then) {
        SocketWatch watch = SENT.get();
        boolean isFirst = watch.selector == null;
        try {
            socket.set(StandardSocketOptions.SO_SNDBUF, 1);
            watch.register(socket, SelectionKey.OP_WRITE, then);
        } catch (IOException closedOrNoDescriptorLeft) {
            watch.closeIfIdle();
            then.run();
            return;
        }
        if (isFirst) {
            watch.look(socket.eventLoop());
        }
    }

    /**
     * Runs {@code then} once the peer has reset the connection. NIO tells of a reset only when a socket is read or
     * written. A selector that is asked whether a connect is finished, of a socket that is connected, answers only when
     * that socket has failed.
     *
     * @return for {@link #forget}; null if the socket cannot be watched
     */
    static @Nullable SelectionKey whenReset(TcpSocket socket, Runnable then) {
        SocketWatch watch = RESET.get();
        boolean isFirst = watch.selector == null;
        try {
            SelectionKey key = watch.register(socket, SelectionKey.OP_CONNECT, then);
            if (isFirst) {
                watch.lookLater(socket.eventLoop());
            }
            return key;
        } catch (IOException closedOrNoDescriptorLeft) {
            watch.closeIfIdle();
            return null;
        }
    }

    /** To be called before a watched socket is closed: the JDK closes it only when no selector has it any more. */
    static void forget(SelectionKey key) {
        key.cancel();
        try {
            key.selector().selectNow(unused -> {});
        } catch (IOException | ClosedSelectorException e) {
            log.debug("a socket is watched no longer than its selector is open", e);
        }
    }

    private SelectionKey register(TcpSocket socket, int operation, Runnable then) throws IOException {
        Selector open = selector;
        if (open == null) {
            open = Selector.open();
            selector = open;
        }
        return socket.watch(open, operation, then);
    }

    private void lookLater(EventLoop loop) {
        loop.schedule(() -> look(loop), periodMillis, TimeUnit.MILLISECONDS);
    }

    private void look(EventLoop loop) {
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
            log.debug("the watched sockets cannot be asked", e);
            if (endsOnFailure) {
                open.keys().forEach(key -> take(key, ready));
            }
        }
        boolean isIdle = closeIfIdle();
        ready.forEach(then -> Fault.contain(
                then, failure -> log.warn("a watched connection was not ended: {}", Fault.line(failure))));
        if (!isIdle) {
            lookLater(loop);
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
