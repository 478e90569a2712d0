package io.github.wslproxy.cli;

import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.Snapshot.ForwardView;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Bytes a second between two looks at one process. */
final class Rates {
    private final Map<String, ForwardView> before;
    private final Map<String, ForwardView> now;
    private final double seconds;

    /** @param passed from the first look to the second one, not zero */
    Rates(Snapshot before, Snapshot now, Duration passed) {
        this.before = before.pid() == now.pid() ? byName(before) : Map.of();
        this.now = byName(now);
        this.seconds = passed.toNanos() / 1e9;
    }

    private static Map<String, ForwardView> byName(Snapshot snapshot) {
        return snapshot.forwards().stream()
                .collect(Collectors.toMap(ForwardView::name, Function.identity(), (one, other) -> one));
    }

    /** From clients to the target; empty for a forward that was not there before. */
    Optional<Long> in(String forward) {
        return rate(forward, ForwardView::bytesIn);
    }

    /** From the target to clients. */
    Optional<Long> out(String forward) {
        return rate(forward, ForwardView::bytesOut);
    }

    /** A forward that was made anew counts from zero. */
    private Optional<Long> rate(String forward, ToLongFunction<ForwardView> bytes) {
        ForwardView one = before.get(forward);
        ForwardView other = now.get(forward);
        return one == null || other == null
                ? Optional.empty()
                : Optional.of(Math.round(Math.max(0, bytes.applyAsLong(other) - bytes.applyAsLong(one)) / seconds));
    }
}
