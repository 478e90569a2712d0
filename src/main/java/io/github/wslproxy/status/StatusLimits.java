package io.github.wslproxy.status;

import java.time.Duration;

/**
 * What the clients of the status address may take. Any user of this computer can connect to it.
 *
 * @param connections most at a time
 * @param idle how long a connection may say nothing between two requests, and before the first one
 * @param deadline for each step of an exchange: the request from its first byte to its last, the making of the answer,
 *     and the sending of it
 * @param period between two looks at the running proxy, on average; a few may follow each other at once
 */
record StatusLimits(int connections, Duration idle, Duration deadline, Duration period) {
    static final StatusLimits USUAL =
            new StatusLimits(64, Duration.ofSeconds(15), Duration.ofSeconds(3), Duration.ofSeconds(1));

    StatusLimits within(Duration otherDeadline) {
        return new StatusLimits(connections, idle, otherDeadline, period);
    }

    StatusLimits every(Duration otherPeriod) {
        return new StatusLimits(connections, idle, deadline, otherPeriod);
    }
}
