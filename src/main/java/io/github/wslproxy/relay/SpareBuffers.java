package io.github.wslproxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A few buffers, set aside while there is memory, for when there is none. Safe for any thread. */
final class SpareBuffers {
    private final Queue<ByteBuffer> unused = new ConcurrentLinkedQueue<>();

    SpareBuffers(int count, int bytes) {
        for (int i = 0; i < count; i++) {
            unused.add(ByteBuffer.allocateDirect(bytes));
        }
    }

    /** An empty one, which comes back when it is released; one on the heap if all are in use. */
    ByteBuf take(int bytes) {
        ByteBuffer spare = unused.poll();
        if (spare == null || spare.capacity() < bytes) {
            return Unpooled.buffer(bytes);
        }
        return new Spare(spare).clear();
    }

    private final class Spare extends UnpooledDirectByteBuf {
        private final ByteBuffer spare;

        Spare(ByteBuffer spare) {
            super(UnpooledByteBufAllocator.DEFAULT, spare, spare.capacity());
            this.spare = spare;
        }

        @Override
        protected void deallocate() {
            super.deallocate();
            unused.add(spare);
        }
    }
}
