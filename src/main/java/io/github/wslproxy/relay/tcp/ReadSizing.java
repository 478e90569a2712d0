package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.relay.DirectMemory;
import io.github.wslproxy.relay.ReadBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * How large the buffer of the next read is: what this link's last reads filled, up to what the budget of the whole
 * process leaves.
 */
final class ReadSizing implements RecvByteBufAllocator {
    /** Nothing is smaller, so that links with short messages never ask how much memory is left. */
    private static final int SMALLEST = ReadBudget.SMALLEST;

    private static final int FIRST = 16 * 1024;

    private final AdaptiveRecvByteBufAllocator adaptive;
    private final ReadBudget budget;
    private final DirectMemory memory;

    ReadSizing(ReadBudget budget, DirectMemory memory) {
        this.budget = budget;
        this.memory = memory;
        adaptive = new AdaptiveRecvByteBufAllocator(SMALLEST, FIRST, ReadBudget.LARGEST);
        adaptive.maxMessagesPerRead(1);
    }

    @Override
    @SuppressWarnings("deprecation") // The newer ExtendedHandle is not what the interface asks for.
    public Handle newHandle() {
        return new DelegatingHandle(adaptive.newHandle()) {
            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return memory.forLink(allocator, guess());
            }

            @Override
            public int guess() {
                int wanted = super.guess();
                return wanted <= SMALLEST ? wanted : Math.min(wanted, budget.largestRead());
            }
        };
    }
}
