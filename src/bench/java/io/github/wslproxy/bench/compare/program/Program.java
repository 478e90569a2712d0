package io.github.wslproxy.bench.compare.program;

import io.github.wslproxy.bench.compare.figure.Column;
import io.github.wslproxy.bench.compare.lab.Background;
import io.github.wslproxy.bench.compare.lab.Lab;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A relay that can be started, or none at all. */
public interface Program {
    Column column();

    /** Why it cannot be started on this computer; empty if it can. */
    Optional<String> missing();

    /** As it tells it. */
    String version() throws IOException, InterruptedException;

    boolean carries(Protocol protocol);

    /** Whether there is a program at all. */
    default boolean isRelay() {
        return true;
    }

    /** How many forwards it is meant for in one process or configuration. */
    default int mostRoutes() {
        return Integer.MAX_VALUE;
    }

    /** How many TCP links at once it is meant for. */
    default int mostLinks() {
        return Integer.MAX_VALUE;
    }

    /** Starts it, without waiting until it listens. The caller closes what has been started. */
    List<Background> launch(Assignment assignment, Lab lab) throws IOException;

    /** What a user has had by the second day. */
    default void prepare(Lab lab) throws IOException, InterruptedException {
        // As it was installed.
    }
}
