package io.github.wslproxy.relay;

import io.github.wslproxy.os.Fault;
import io.github.wslproxy.os.NamedThreads;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The threads of the data path, the buffers, and one more thread for what may block.
 *
 * <p>NIO on every system: it is the only transport Windows has, so what is tested is what runs.
 */
public final class EventLoops {
    private static final int PAGE_SIZE = 8192;

    /** Chunks of {@code PAGE_SIZE << MAX_ORDER}, 1 MiB, so that the largest read still comes out of the pool. */
    private static final int MAX_ORDER = 7;

    /** More than the largest payload, 65,527 bytes (RFC 768, RFC 8200). */
    static final int LARGEST_DATAGRAM = 65_536;

    private static final int SMALL_CACHE = 256;
    private static final int LOOKUPS = 4;
    private static final int NORMAL_CACHE = 64;

    private final IoEventLoopGroup group;
    private final PooledByteBufAllocator allocator;
    private final ReadBuffers readBuffers;
    private final ScheduledExecutorService control;
    private final ScheduledExecutorService lookups;
    private final ExecutorService owners;
    private final List<EventLoop> all;
    private final Map<EventLoop, ByteBuffer> datagramBuffers = new HashMap<>();

    /** @param count event loops, at least 1; a relay spends its time in the kernel, so more than 2 serve nobody */
    public EventLoops(int count) {
        group = new MultiThreadIoEventLoopGroup(
                count, new DefaultThreadFactory("wslproxy-loop", true), NioIoHandler.newFactory());
        // Sized by hand: Netty derives the number of arenas from the heap's limit, and with a small heap arrives at
        // none, which makes every buffer a malloc and a free.
        allocator = new PooledByteBufAllocator(true, 0, count, PAGE_SIZE, MAX_ORDER, SMALL_CACHE, NORMAL_CACHE, true);
        readBuffers = ReadBuffers.of(allocator, count);
        control = new NamedThreads("wslproxy-control", 1);
        owners = new NamedThreads("wslproxy-owners", 1);
        lookups = new NamedThreads("wslproxy-lookup", LOOKUPS);
        all = new ArrayList<>();
        group.forEach(executor -> all.add((EventLoop) executor));
        all.forEach(loop -> datagramBuffers.put(loop, ByteBuffer.allocateDirect(LARGEST_DATAGRAM)));
        all.forEach(loop -> loop.terminationFuture().addListener(EventLoops::endedWell));
    }

    /** An {@link Error} outside of any channel's handlers ends a loop, and with it all that its channels hear. */
    private static void endedWell(Future<?> end) {
        if (!end.isSuccess()) {
            Fault.escalate(new IllegalStateException("an event loop has ended", end.cause()));
        }
    }

    public static EventLoops forThisComputer() {
        return new EventLoops(Math.min(2, Runtime.getRuntime().availableProcessors()));
    }

    public IoEventLoopGroup group() {
        return group;
    }

    public List<EventLoop> all() {
        return List.copyOf(all);
    }

    public PooledByteBufAllocator allocator() {
        return allocator;
    }

    /** The one in which {@code loop}, which is one of these, receives a datagram of any size; to be used on it only. */
    public ByteBuffer datagramBuffer(EventLoop loop) {
        return Objects.requireNonNull(datagramBuffers.get(loop), "not one of these event loops");
    }

    public ReadBuffers readBuffers() {
        return readBuffers;
    }

    /** One thread for the list of network adapters and other short work that no event loop should wait for. */
    public ScheduledExecutorService control() {
        return control;
    }

    /** Threads for name lookups, which may take as long as the system's resolver likes. */
    public ScheduledExecutorService lookups() {
        return lookups;
    }

    /** One thread for asking who holds a port, which takes seconds and may be asked for each port of a range. */
    public ExecutorService owners() {
        return owners;
    }

    /**
     * Looks at what lives on each event loop, on that loop.
     *
     * @return what was found on all; completes, never exceptionally, on any thread. A loop that has ended has nothing
     */
    public <T> CompletionStage<List<T>> gather(Function<EventLoop, Stream<T>> look) {
        List<CompletableFuture<List<T>>> parts =
                all.stream().map(loop -> ask(loop, look)).toList();
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApply(unused ->
                        parts.stream().flatMap(part -> part.join().stream()).toList());
    }

    private static <T> CompletableFuture<List<T>> ask(EventLoop loop, Function<EventLoop, Stream<T>> look) {
        try {
            return CompletableFuture.supplyAsync(() -> look.apply(loop).toList(), loop)
                    .exceptionally(failure -> {
                        Fault.escalateFatal(failure);
                        return List.of();
                    });
        } catch (RejectedExecutionException ended) {
            return CompletableFuture.completedFuture(List.of());
        }
    }

    /** Ends all threads; whatever is open on them has to be closed before. Completes when they have ended. */
    public CompletionStage<Void> close() {
        control.shutdownNow();
        lookups.shutdownNow();
        owners.shutdownNow();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).addListener(unused -> ended.complete(null));
        return ended;
    }
}
