package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.relay.EventLoops;
import io.github.wslproxy.relay.ReadBuffers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;

/**
 * Decides how much the next read of a link asks for: little at first, more when the last ones were full, up to what the
 * budget of the whole process leaves. A link that asks for a read gets one.
 */
final class ReadSizing implements RecvByteBufAllocator {
    private static final int GROWTH = 4;

    private final ReadBuffers buffers;

    ReadSizing(EventLoops loops) {
        buffers = loops.readBuffers();
    }

    @Override
    @SuppressWarnings("deprecation") // The interface asks for a Handle, not for the newer ExtendedHandle.
    public Handle newHandle() {
        return new Sizing();
    }

    @SuppressWarnings("deprecation") // The interface asks for a Handle.
    private final class Sizing implements Handle {
        private int wanted = ReadBuffers.SMALL;
        private int asked;
        private int got;

        @Override
        public ByteBuf allocate(ByteBufAllocator pool) {
            return buffers.take(pool);
        }

        @Override
        public int guess() {
            return buffers.permitted(wanted);
        }

        @Override
        public void attemptedBytesRead(int room) {
            asked = Math.min(room, guess());
        }

        @Override
        public int attemptedBytesRead() {
            return asked;
        }

        @Override
        public void lastBytesRead(int bytes) {
            got = bytes;
            if (bytes == wanted) {
                wanted = Math.min(wanted * GROWTH, ReadBuffers.LARGEST);
            } else if (bytes < wanted / GROWTH) {
                wanted = Math.max(wanted / 2, ReadBuffers.SMALL);
            }
        }

        @Override
        public int lastBytesRead() {
            return got;
        }

        @Override
        public boolean continueReading() {
            return false;
        }

        @Override
        public void reset(ChannelConfig config) {
            // Only the wanted size lasts from one read to the next.
        }

        @Override
        public void incMessagesRead(int messages) {
            // A read has one message.
        }

        @Override
        public void readComplete() {
            // A read is complete with its only message.
        }
    }
}
