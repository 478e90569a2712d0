package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.relay.EventLoops;
import io.github.wslproxy.relay.ReadBuffers;
import io.github.wslproxy.relay.SocketErrors;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a little of what a client sends while it waits for its target, and keeps it. Without a read NIO sees neither
 * the end nor the reset of a channel, so a client that has left would wait on. A client that has ended its side has not
 * left: it may wait for the answer.
 */
final class Preread implements SocketEvents {
    private static final Logger log = LoggerFactory.getLogger(Preread.class);

    /**
     * The rest is left in the kernel, as is everything when memory is short. A client that leaves is then noticed when
     * the wait is over.
     */
    private static final int ENOUGH = 16 * 1024;

    private final TcpSocket client;
    private final ReadBuffers buffers;
    private final ByteBufAllocator pool;
    private ByteBuf kept = Unpooled.EMPTY_BUFFER;
    private int charged;
    private boolean ended;

    /**
     * What a target is to get before the link reads from its client.
     *
     * @param bytes belongs to the holder of this; empty if there are none
     * @param headerLength how many of them come before what the client has sent
     * @param ended whether that was all the client will ever send
     */
    record FirstBytes(ByteBuf bytes, int headerLength, boolean ended) {
        /** The client was not read from. */
        static final FirstBytes NONE = new FirstBytes(Unpooled.EMPTY_BUFFER, 0, false);

        int fromClient() {
            return bytes.readableBytes() - headerLength;
        }

        /**
         * Puts a header of wslproxy's own in front, within one buffer: two would be sent by a gathering write.
         *
         * @param header has room for the bytes; belongs to the result, as they do
         */
        FirstBytes behind(ByteBuf header) {
            int length = header.readableBytes();
            try {
                header.writeBytes(bytes);
            } finally {
                bytes.release();
            }
            return new FirstBytes(header, length, ended);
        }
    }

    /** Begins to hear of {@code client}. */
    Preread(TcpSocket client, EventLoops loops) {
        this.client = client;
        buffers = loops.readBuffers();
        pool = loops.allocator();
        client.handleBy(this);
        client.wantReadable(true);
    }

    @Override
    public void readable() {
        ByteBuf bytes = buffers.take(pool);
        try {
            int read = client.read(bytes, Math.min(bytes.writableBytes(), buffers.permitted(ENOUGH)));
            ended = read < 0;
            if (read > 0) {
                keep(bytes);
            }
        } catch (IOException reset) {
            log.debug("{} left while it was waiting: {}", client.remoteAddress(), SocketErrors.of(reset));
            client.close();
            return;
        } finally {
            bytes.release();
        }
        client.wantReadable(!ended && kept.readableBytes() < ENOUGH && !buffers.isUsedUp());
    }

    @Override
    public void failed(Throwable failure) {
        log.debug("what {} sent while it was waiting could not be kept", client.remoteAddress(), failure);
        client.close();
    }

    private void keep(ByteBuf bytes) {
        ByteBuf before = kept;
        kept = Unpooled.EMPTY_BUFFER;
        try {
            kept = copy(before, bytes);
        } finally {
            before.release();
        }
        charge(kept.capacity());
    }

    /** The event loop reads into one large buffer, which is not to be held by a client that waits. */
    private ByteBuf copy(ByteBuf before, ByteBuf bytes) {
        int size = before.readableBytes() + bytes.readableBytes();
        return buffers.allocate(pool, size).writeBytes(before).writeBytes(bytes);
    }

    /** Hands over what was read; {@link #drop} does nothing afterwards. */
    FirstBytes take() {
        FirstBytes taken = new FirstBytes(kept, 0, ended);
        kept = Unpooled.EMPTY_BUFFER;
        charge(0);
        return taken;
    }

    /** Throws away what was read. */
    void drop() {
        take().bytes().release();
    }

    private void charge(int bytes) {
        buffers.stalled(bytes - charged);
        charged = bytes;
    }
}
