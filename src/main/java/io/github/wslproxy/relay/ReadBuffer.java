package io.github.wslproxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * The buffer that all links of an event loop read into, one after the other: as a rule what was read is written before
 * the next read, and the buffer stays in the processor's cache. Where some of it has to wait the link keeps the buffer,
 * and the next read has another one. To be used on event loops only, each of which has its own.
 */
public final class ReadBuffer {
    private final DirectMemory memory;

    private final FastThreadLocal<@Nullable ByteBuf> current = new FastThreadLocal<>() {
        @Override
        protected void onRemoval(@Nullable ByteBuf buffer) {
            if (buffer != null) {
                buffer.release();
            }
        }
    };

    ReadBuffer(DirectMemory memory) {
        this.memory = memory;
    }

    /** Gives its memory back, until the next read of this event loop. */
    void drop() {
        current.remove();
    }

    /**
     * An empty buffer, to be released: of {@link ReadBudget#LARGEST}, or a small one where there is no memory for that.
     *
     * @param pool where it is from
     */
    public ByteBuf take(ByteBufAllocator pool) {
        ByteBuf buffer = current.get();
        if (buffer != null && buffer.refCnt() == 1) {
            return buffer.clear().retain();
        }
        current.remove();
        if (memory.shortage() != DirectMemory.Shortage.NONE) {
            return memory.forLink(pool, ReadBudget.SMALL);
        }
        ByteBuf another = memory.forLink(pool, ReadBudget.LARGEST);
        if (another.capacity() < ReadBudget.LARGEST) {
            return another;
        }
        current.set(another);
        return another.retain();
    }
}
