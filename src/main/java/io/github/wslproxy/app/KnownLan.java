package io.github.wslproxy.app;

import io.github.wslproxy.forward.AddressBlock;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * This computer's addresses on the LAN, of which a page that is asked each second need not ask the system each time.
 */
final class KnownLan {
    private static final long FRESH = Duration.ofSeconds(5).toNanos();

    private final Supplier<List<AddressBlock>> system;
    private final LongSupplier nanoTime;
    private volatile @Nullable Reading last;

    private record Reading(List<AddressBlock> addresses, long at) {}

    /** @param system asks it, at some expense */
    KnownLan(Supplier<List<AddressBlock>> system, LongSupplier nanoTime) {
        this.system = system;
        this.nanoTime = nanoTime;
    }

    List<AddressBlock> addresses() {
        Reading known = last;
        long now = nanoTime.getAsLong();
        if (known == null || now - known.at() >= FRESH) {
            known = new Reading(system.get(), now);
            last = known;
        }
        return known.addresses();
    }
}
