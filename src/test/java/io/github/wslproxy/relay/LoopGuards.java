package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Protocol;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Supplier;

/** Listeners that a {@link LoopGuard} knows, without a socket behind them. */
public final class LoopGuards {
    private LoopGuards() {}

    /** Puts in a listener in whose backlog nobody waits. */
    public static LoopGuard.Registration listen(
            LoopGuard guard,
            Protocol protocol,
            InetSocketAddress bound,
            Supplier<Optional<InetSocketAddress>> leadsTo) {
        return guard.add(protocol, bound, leadsTo, (alsoAtRest, then) -> then.run());
    }
}
