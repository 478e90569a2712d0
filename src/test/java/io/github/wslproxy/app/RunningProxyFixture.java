package io.github.wslproxy.app;

import io.github.wslproxy.status.Snapshot.ForwardView;
import java.io.Closeable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A proxy that the test starts, and its peers; both end with the test. */
abstract class RunningProxyFixture {
    @TempDir
    Path folder;

    @Nullable
    WslProxy made;

    private final Deque<Closeable> peers = new ArrayDeque<>();

    @AfterEach
    void nothingIsLeftRunning() throws Exception {
        if (made != null) {
            made.stop(Duration.ZERO);
        }
        for (Closeable peer : peers) {
            peer.close();
        }
    }

    WslProxy proxy() {
        return Objects.requireNonNull(made, "made by start()");
    }

    ForwardView view(String name) {
        return proxy().snapshot().forwards().stream()
                .filter(forward -> forward.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    <T extends Closeable> T use(T peer) {
        peers.push(peer);
        return peer;
    }
}
