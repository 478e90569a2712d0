package io.github.wslproxy.relay;

import io.github.wslproxy.target.HostAdapter;
import io.github.wslproxy.target.TargetSource;
import java.time.Duration;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * What all relays of a process share. Owned by whoever made it; a relay closes none of it.
 *
 * @param loops the event loops and the buffers
 * @param sweeper ends what has been idle for too long
 * @param localAddresses the addresses of this computer
 * @param loopGuard knows every listener, so that no relay connects to itself
 * @param hostAdapter where listen entries for WSL listen
 * @param formerAddresses asks where targets were whether anybody is still there
 * @param portOwner asked once for each listener that begins to fail
 * @param limits the limits of all relays together
 * @param listenerLog for what happens to listeners, of which one range of ports has thousands
 */
public record RelayContext(
        EventLoops loops,
        IdleSweeper sweeper,
        LocalAddresses localAddresses,
        HostAdapter hostAdapter,
        LoopGuard loopGuard,
        ProgramLimits limits,
        RateLimitedLog listenerLog,
        FormerAddresses formerAddresses,
        PortOwner portOwner) {
    private static final int LINES_PER_SECOND = 20;

    /**
     * Calls {@code listener} after each change that may have listeners close, open or move; it must not block.
     *
     * @param source where the target of the listeners is
     * @return to be run when the listener is to hear no more
     */
    public Runnable onChange(TargetSource source, Runnable listener) {
        List<Runnable> unsubscribe = List.of(
                source.onChange(unused -> listener.run()),
                localAddresses.onChange(listener),
                hostAdapter.onChange(listener));
        return () -> unsubscribe.forEach(Runnable::run);
    }

    /** Makes what is missing for {@code localAddresses}; the sweeper begins to tick. */
    public static RelayContext of(
            EventLoops loops,
            Duration sweeperTick,
            LocalAddresses localAddresses,
            HostAdapter hostAdapter,
            ProgramLimits limits,
            PortOwner portOwner) {
        RateLimitedLog log =
                new RateLimitedLog(LoggerFactory.getLogger(Listener.class), LINES_PER_SECOND, loops.control());
        return new RelayContext(
                loops,
                new IdleSweeper(loops, sweeperTick),
                localAddresses,
                hostAdapter,
                new LoopGuard(localAddresses),
                limits,
                log,
                new FormerAddresses(loops),
                portOwner);
    }
}
