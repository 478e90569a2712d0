package io.github.wslproxy.bench.soak;

import java.io.IOException;
import java.util.Random;

/**
 * Something that clients do, again and again.
 *
 * @param name in the report
 * @param weight how often, beside the others
 * @param act checks what it gets by itself; what it throws is a finding, but for a {@link NoServiceException} while the
 *     VM was not there
 */
record Play(String name, int weight, Act act) {

    /** Runs to its end within a bounded time. Several threads may be at it at once. */
    interface Act {
        /** Acts once, as {@code moves} has it. */
        void perform(Random moves) throws IOException, InterruptedException;
    }
}
