package io.github.wslproxy.app;

import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.PortOwner;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Asks only so many times: each question runs several programs, and a range of ports may fail as a whole. */
final class LimitedPortOwner implements PortOwner {
    private final PortOwner owner;
    private final AtomicInteger left;

    /** @param questions that are passed on to {@code owner}; each after them is answered by "not known" */
    LimitedPortOwner(PortOwner owner, int questions) {
        this.owner = owner;
        left = new AtomicInteger(questions);
    }

    @Override
    public Optional<String> describe(Protocol protocol, int port) {
        return left.getAndDecrement() > 0 ? owner.describe(protocol, port) : Optional.empty();
    }
}
