package io.github.wslproxy.relay.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Timeouts;
import io.github.wslproxy.relay.EventLoops;
import io.github.wslproxy.relay.RelayStats;
import io.github.wslproxy.relay.tcp.Preread.FirstBytes;
import io.github.wslproxy.testing.RelayFixture;
import io.netty.channel.IoEventLoop;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** An owner of two sockets that records how their link ends. */
final class FakeLink implements PumpPair.WhenEnded {
    static final Duration IDLE = Duration.ofMinutes(2);
    static final Duration HALF_CLOSE = Duration.ofMinutes(1);

    private final IoEventLoop loop;
    private final SocketAndPeer client;
    private final SocketAndPeer target;
    private final RelayStats stats = new RelayStats(() -> 1, address -> true);
    private final CompletableFuture<LinkEnd> end = new CompletableFuture<>();
    private final PumpPair pumps;

    /** What {@link PumpPair.WhenEnded} was told. */
    record LinkEnd(String reason, boolean resetClient, boolean resetTarget) {}

    private FakeLink(EventLoops loops, IoEventLoop loop, SocketAndPeer client, SocketAndPeer target) {
        this.loop = loop;
        this.client = client;
        this.target = target;
        Timeouts timeouts = new Timeouts(Duration.ofSeconds(5), IDLE, HALF_CLOSE, Duration.ZERO, Duration.ofMinutes(5));
        pumps = new PumpPair(client.socket(), target.socket(), timeouts, stats, loops, this);
    }

    static FakeLink connect(RelayFixture fixture) throws Exception {
        EventLoops loops = fixture.context().loops();
        IoEventLoop loop = loops.group().next();
        return new FakeLink(loops, loop, SocketAndPeer.open(fixture, loop), SocketAndPeer.open(fixture, loop));
    }

    @Override
    public void ended(PumpPair ended, String reason, boolean resetClient, boolean resetTarget) {
        assertThat(end.complete(new LinkEnd(reason, resetClient, resetTarget)))
                .as("the first end")
                .isTrue();
        client.socket().close();
        target.socket().close();
    }

    SocketAndPeer client() {
        return client;
    }

    SocketAndPeer target() {
        return target;
    }

    RelayStats stats() {
        return stats;
    }

    PumpPair pumps() {
        return pumps;
    }

    void begin(FirstBytes first) throws Exception {
        run(() -> pumps.begin(first));
    }

    /** Runs {@code step} on the event loop. */
    void run(Runnable step) throws Exception {
        loop.submit(step).get(10, TimeUnit.SECONDS);
    }

    <T> T ask(Callable<T> question) throws Exception {
        return loop.submit(question).get(10, TimeUnit.SECONDS);
    }

    /** Whether a timeout has passed if nothing moves for {@code time}. */
    boolean expiresAfter(Duration time) throws Exception {
        return ask(() -> pumps.isExpired(System.nanoTime() + time.toNanos()));
    }

    boolean isOver() {
        return end.isDone();
    }

    LinkEnd nextEnd() throws Exception {
        return end.get(10, TimeUnit.SECONDS);
    }
}
