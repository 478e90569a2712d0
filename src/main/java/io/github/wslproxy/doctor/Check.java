package io.github.wslproxy.doctor;

import java.util.List;

/**
 * Looks at a part of the chain. Its constructor takes what it needs to know and starts what takes time, so that all
 * checks run side by side.
 */
@FunctionalInterface
interface Check {
    /** Waits for what was started; a finding for each link, in the order of the chain. */
    List<Finding> findings();

    /** A check of one link. */
    interface OfOneLink extends Check {
        /** Waits for what was started. */
        Finding finding();

        @Override
        default List<Finding> findings() {
            return List.of(finding());
        }
    }
}
