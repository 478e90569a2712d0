package io.github.wslproxy.relay;

import io.github.wslproxy.os.Fault;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * Ends what has been idle for too long: one timer for each event loop instead of one for each link, so that moving
 * bytes never touches a timer. A timeout is therefore late by up to one tick. Where nothing is left that could be idle,
 * what the loop reads into is given back.
 */
public final class IdleSweeper {
    private static final int LINES_PER_SECOND = 1;

    private final RateLimitedLog log;
    private final ReadBuffers readBuffers;

    private final Map<EventLoop, Set<Expirable>> byLoop = new HashMap<>();

    /** Something with a timeout. All methods are called on the loop it was added with. */
    public interface Expirable {
        /**
         * Called at each tick, before it is asked; what is to be done some time after the beginning has its place here.
         */
        default void tick(long now) {}

        /** Whether it is to be ended at {@code now}, a {@link System#nanoTime()}. */
        boolean isExpired(long now);

        /** Ends it; afterwards it must no longer be in the sweeper. */
        void expire();
    }

    /** Starts ticking on each loop; ends with the loops. */
    public IdleSweeper(EventLoops loops, Duration tick) {
        log = new RateLimitedLog(LoggerFactory.getLogger(IdleSweeper.class), LINES_PER_SECOND, loops.control());
        readBuffers = loops.readBuffers();
        for (EventLoop loop : loops.all()) {
            byLoop.put(loop, new HashSet<>());
        }
        byLoop.forEach((loop, swept) -> loop.scheduleWithFixedDelay(
                () -> sweep(swept), tick.toMillis(), tick.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Call it on {@code loop}, a loop of the {@link EventLoops} given to the constructor. */
    public void add(EventLoop loop, Expirable swept) {
        setOf(loop).add(swept);
    }

    /** Call it on {@code loop}. */
    public void remove(EventLoop loop, Expirable swept) {
        setOf(loop).remove(swept);
    }

    private Set<Expirable> setOf(EventLoop loop) {
        Set<Expirable> swept = byLoop.get(loop);
        if (swept == null || !loop.inEventLoop()) {
            throw new IllegalStateException("not on an event loop of this sweeper: " + loop);
        }
        return swept;
    }

    private void sweep(Set<Expirable> all) {
        if (all.isEmpty()) {
            readBuffers.drop();
            return;
        }
        long now = System.nanoTime();
        List<Expirable> expired = new ArrayList<>();
        for (Expirable one : all) {
            contain(one, () -> {
                one.tick(now);
                if (one.isExpired(now)) {
                    expired.add(one);
                }
            });
        }
        expired.forEach(one -> contain(one, one::expire));
    }

    /** An exception would end the schedule, and with it every timeout of the loop. */
    private void contain(Expirable one, Runnable work) {
        Fault.contain(work, failure -> log.warn("{} could not be ended: {}", one, Fault.line(failure)));
    }
}
