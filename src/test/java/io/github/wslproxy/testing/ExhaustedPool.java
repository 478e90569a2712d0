package io.github.wslproxy.testing;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;

/** Has no direct memory left: asked for a buffer it fails as the JDK does. */
public final class ExhaustedPool extends AbstractByteBufAllocator {
    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return UnpooledByteBufAllocator.DEFAULT.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        throw new OutOfMemoryError("Cannot reserve 1048576 bytes of direct buffer memory");
    }

    @Override
    public boolean isDirectBufferPooled() {
        return true;
    }
}
