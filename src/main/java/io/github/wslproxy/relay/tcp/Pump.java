package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.os.Fault;
import io.github.wslproxy.relay.EventLoops;
import io.github.wslproxy.relay.ReadBuffers;
import io.github.wslproxy.relay.SocketErrors;
import io.github.wslproxy.relay.tcp.Preread.FirstBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/**
 * Moves the bytes of one direction, from its source to its sink.
 *
 * <p>One buffer is in flight: it is read, written, and only when the kernel has taken all of it the next is read. So a
 * slow receiver stops its sender, a link holds at most one buffer each way, and no write ever gathers several buffers,
 * which on Windows could corrupt the stream (the JDK's {@code writev0} goes on to the next piece after a partial send).
 */
final class Pump implements SocketEvents {
    private final PumpPair pair;
    private final TcpSocket source;
    private final TcpSocket sink;
    private final ReadBuffers buffers;
    private final ByteBufAllocator pool;
    private final ReadSize size;

    /** What the kernel has not taken yet; null as a rule. */
    private @Nullable ByteBuf unsent;

    private int stalledBytes;
    private boolean ended;
    private boolean endsWhenDrained;
    private boolean sinkHasFailed;
    private @Nullable SelectionKey resetWatch;

    Pump(PumpPair pair, TcpSocket source, TcpSocket sink, EventLoops loops) {
        this.pair = pair;
        this.source = source;
        this.sink = sink;
        this.buffers = loops.readBuffers();
        this.pool = loops.allocator();
        this.size = new ReadSize(buffers);
    }

    TcpSocket source() {
        return source;
    }

    /** Whether the source has sent its last byte, and all of it is passed on. */
    boolean hasEnded() {
        return ended;
    }

    /** Whether bytes of this direction still wait in front of the sink. */
    boolean isStalled() {
        return unsent != null;
    }

    /**
     * Passes on what comes first, and begins to read.
     *
     * @param speaksFirst whether the source has sent something by now, as a rule
     */
    void begin(FirstBytes first, boolean speaksFirst) {
        source.handleBy(this);
        if (first.bytes().isReadable()) {
            pair.moved(this, first.fromClient());
            pass(first.bytes());
        }
        if (first.ended()) {
            endOfInput();
            return;
        }
        readUnlessStalled();
        if (speaksFirst && !isStalled()) {
            readable();
        }
    }

    @Override
    public void readable() {
        ByteBuf bytes = buffers.take(pool);
        int read = 0;
        try {
            read = source.read(bytes, size.next(bytes.writableBytes()));
        } catch (IOException reset) {
            failed(reset);
        } finally {
            if (read <= 0) {
                bytes.release();
            }
        }
        if (read > 0) {
            size.noteRead(read);
            pair.moved(this, read);
            pass(bytes);
        } else if (read < 0) {
            endOfInput();
        }
    }

    private void pass(ByteBuf bytes) {
        if (sinkTakes(bytes)) {
            bytes.release();
            return;
        }
        ByteBuf rest = worthKeeping(bytes);
        unsent = rest;
        stalledBytes = rest.capacity();
        buffers.stalled(stalledBytes);
        source.wantReadable(false);
        sink.wantWritable(true);
    }

    /** Whether nothing is left to be sent: the kernel has taken all, or nobody will. */
    private boolean sinkTakes(ByteBuf bytes) {
        if (!sink.isOpen()) {
            return true;
        }
        try {
            // A receiver that keeps up has room again by now, which costs less to find out than to be told.
            for (int before = 0; bytes.isReadable() && bytes.readableBytes() != before; ) {
                before = bytes.readableBytes();
                sink.write(bytes);
            }
            return !bytes.isReadable();
        } catch (IOException e) {
            // Nothing more is written to the sink, and what it has sent can still be read.
            sinkHasFailed = true;
            source.wantReadable(false);
            endOutputOfFailedSink();
            sinkFailed(e);
            return true;
        } catch (OutOfMemoryError noDirectMemory) {
            // The JDK copies a heap buffer into a direct one. The sink must not get what comes after lost bytes.
            Fault.escalateFatal(noDirectMemory);
            pair.cutOff("bytes could not be passed on: " + SocketErrors.of(noDirectMemory));
            return true;
        }
    }

    private void endOutputOfFailedSink() {
        try {
            sink.endOutput();
        } catch (IOException alreadyEnded) {
            // That is what was wanted.
        }
    }

    /** A small rest is copied, so that it does not hold the large buffer of the event loop. */
    private ByteBuf worthKeeping(ByteBuf rest) {
        int length = rest.readableBytes();
        if (length > rest.capacity() / 4) {
            return rest;
        }
        ByteBuf copy = buffers.allocate(pool, length);
        if (!copy.isDirect()) {
            copy.release();
            return rest;
        }
        copy.writeBytes(rest);
        rest.release();
        return copy;
    }

    /** The sink of the other direction is this one's source: it takes more of what waits for it. */
    @Override
    public void writable() {
        pair.opposite(this).sendRest();
    }

    private void sendRest() {
        ByteBuf rest = unsent;
        if (rest == null) {
            sink.wantWritable(false);
            return;
        }
        int before = rest.readableBytes();
        boolean isOver = sinkTakes(rest);
        if (rest.readableBytes() < before) {
            pair.progressed();
        }
        if (!isOver || !isStalled()) {
            return;
        }
        sink.wantWritable(false);
        settle();
        if (!sinkHasFailed) {
            sinkDrained();
        }
    }

    private void sinkDrained() {
        pair.drained(this);
        if (endsWhenDrained) {
            endOfInput();
        } else {
            readUnlessStalled();
        }
    }

    /** Asks for what the source may still have; bytes that wait for the sink go first. */
    void readUnlessStalled() {
        if (!isStalled() && !ended && !endsWhenDrained && !sinkHasFailed) {
            source.wantReadable(true);
        }
    }

    /** The link ends: gives back what this direction holds. */
    void end() {
        stopWatching();
        settle();
    }

    private void settle() {
        if (unsent != null) {
            unsent.release();
            unsent = null;
            buffers.resumed(stalledBytes);
        }
    }

    /**
     * Watches for a reset by the source while nothing is read from it, as its bytes wait for a slow sink. To be called
     * now and then.
     *
     * @param silent whether nothing has moved for a while
     * @param mayBegin whether a watch may begin; one that has begun goes on
     */
    void watchForReset(boolean silent, boolean mayBegin) {
        boolean wanted = silent && mayResetUnnoticed();
        boolean isWatched = resetWatch != null && resetWatch.isValid();
        if (isWatched && !wanted) {
            stopWatching();
        } else if (!isWatched && wanted && mayBegin) {
            resetWatch = SocketWatch.whenReset(source, this::resetWhileStalled);
        }
    }

    /**
     * Linux reports a hang-up also of a socket that both sides have ended, whose last bytes wait here. Once we have
     * ended our side of the source, only the half-close timeout tells.
     */
    private boolean mayResetUnnoticed() {
        return isStalled() && !pair.opposite(this).hasEnded();
    }

    /** What the source has sent is still delivered, but no longer than a half-closed link may make no progress. */
    private void resetWhileStalled() {
        if (mayResetUnnoticed()) {
            pair.broken(this, "Connection reset");
        }
    }

    private void stopWatching() {
        if (resetWatch != null) {
            SocketWatch.forget(resetWatch);
            resetWatch = null;
        }
    }

    /** Bytes of before the connect may still wait in front of the sink: to shut it down would throw them away. */
    private void endOfInput() {
        source.wantReadable(false);
        endsWhenDrained = isStalled();
        if (!endsWhenDrained) {
            ended = true;
            pair.inputEnded(this);
        }
    }

    /** Passes the end on; nothing of this direction waits in front of the sink any more. */
    void endSink() {
        try {
            sink.endOutput();
        } catch (IOException e) {
            sinkFailed(e);
        }
    }

    private void sinkFailed(IOException cause) {
        pair.broken(pair.opposite(this), SocketErrors.of(cause));
    }

    @Override
    public void closed() {
        pair.broken(this, source.closedBecause());
    }

    /** What the source may still send is lost. */
    @Override
    public void failed(Throwable failure) {
        pair.broken(this, SocketErrors.of(failure));
        endOfInput();
    }
}
