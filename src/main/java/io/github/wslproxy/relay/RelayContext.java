package io.github.wslproxy.relay;

import java.time.Duration;
import org.slf4j.LoggerFactory;

/**
 * What all relays of a process share. Owned by whoever made it; a relay closes none of it.
 *
 * @param loops the event loops and the buffers
 * @param sweeper ends what has been idle for too long
 * @param localAddresses the addresses of this computer
 * @param loopGuard knows every listener, so that no relay connects to itself
 * @param portOwner asked once for each listener that begins to fail
 * @param listenerLog for what happens to listeners, of which one range of ports has thousands
 */
public record RelayContext(
        RelayLoops loops,
        Sweeper sweeper,
        LocalAddresses localAddresses,
        LoopGuard loopGuard,
        QuietLog listenerLog,
        PortOwner portOwner) {
    private static final int LINES_PER_SECOND = 20;

    /** Makes what is missing for {@code localAddresses}; the sweeper begins to tick. */
    public static RelayContext of(
            RelayLoops loops, Duration sweeperTick, LocalAddresses localAddresses, PortOwner portOwner) {
        QuietLog log = new QuietLog(LoggerFactory.getLogger(Listener.class), LINES_PER_SECOND, loops.control());
        return new RelayContext(
                loops, new Sweeper(loops, sweeperTick), localAddresses, new LoopGuard(localAddresses), log, portOwner);
    }
}
