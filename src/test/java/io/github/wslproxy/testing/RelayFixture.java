package io.github.wslproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.LimitSettings;
import io.github.wslproxy.relay.EventLoops;
import io.github.wslproxy.relay.FakeHostAdapter;
import io.github.wslproxy.relay.ListenerStatus;
import io.github.wslproxy.relay.LocalAddresses;
import io.github.wslproxy.relay.PortOwner;
import io.github.wslproxy.relay.ProgramLimits;
import io.github.wslproxy.relay.Relay;
import io.github.wslproxy.relay.RelayContext;
import io.github.wslproxy.relay.tcp.TcpRelay;
import io.github.wslproxy.target.TargetSource;
import io.netty.util.LeakPresenceDetector;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Event loops, relays and peers for one test. After it everything is closed, and the test fails if a buffer was lost or
 * a relay left something open.
 */
public final class RelayFixture implements BeforeEachCallback, AfterEachCallback {
    private static final Duration TICK = Duration.ofMillis(50);

    private static final LimitSettings DEFAULT_LIMITS = new LimitSettings(8192, 1024, 4096, 1000);

    private final Deque<Closeable> peers = new ArrayDeque<>();
    private final Deque<Relay> relays = new ArrayDeque<>();
    private EventLoops loops;
    private ProgramLimits totals;
    private RelayContext context;
    private final FakeHostAdapter hostAdapter = new FakeHostAdapter();
    private PortOwner portOwner = PortOwner.UNKNOWN;

    @Override
    public void beforeEach(ExtensionContext test) {
        loops = new EventLoops(2);
        limit(new ProgramLimits(DEFAULT_LIMITS, loops.readBuffers()));
    }

    @Override
    public void afterEach(ExtensionContext test) throws Exception {
        for (Closeable peer : peers) {
            peer.close();
        }
        for (Relay relay : relays) {
            stop(relay, Duration.ZERO);
            assertThat(relay.counters().open())
                    .as("open links or sessions after stop")
                    .isZero();
        }
        loops.close().toCompletableFuture().get(10, TimeUnit.SECONDS);
        LeakPresenceDetector.check();
    }

    /** Relays made from now on have these limits in common. */
    public ProgramLimits limit(ProgramLimits limits) {
        totals = limits;
        context = contextWith(new LocalAddresses());
        return limits;
    }

    /** As above, with the memory of this JVM. */
    public ProgramLimits limit(LimitSettings limits) {
        return limit(new ProgramLimits(limits, loops.readBuffers()));
    }

    public RelayContext context() {
        return context;
    }

    /** As {@link #context()}, on a computer with other addresses. */
    public RelayContext contextWith(LocalAddresses addresses) {
        PortOwner owner = (protocol, port) -> portOwner.describe(protocol, port);
        return RelayContext.of(loops, TICK, addresses, hostAdapter, totals, owner);
    }

    /** The adapter of WSL, which is not there until it is scripted. */
    public FakeHostAdapter hostAdapter() {
        return hostAdapter;
    }

    /** Who holds ports from now on. */
    public void portsAreHeldBy(PortOwner owner) {
        portOwner = owner;
    }

    /** Starts a relay that is stopped after the test. */
    public <T extends Relay> T start(T relay) throws Exception {
        relays.push(relay);
        relay.start().toCompletableFuture().get(10, TimeUnit.SECONDS);
        return relay;
    }

    /** Starts a relay of a TCP forward called x. */
    public TcpRelay tcp(Forwards forward, TargetSource source) throws Exception {
        return start(new TcpRelay(forward.named("x"), source, context));
    }

    /** Starts a relay of a TCP forward called x, whose target is {@code server}. */
    public TcpRelay tcp(Forwards forward, TcpPeer server) throws Exception {
        return tcp(forward.toWsl(server.port()), TargetSource.fixed(server.address()));
    }

    /** An echo server that is closed after the test. */
    public TcpPeer echo() throws IOException {
        return serving(TcpPeer::echo);
    }

    /** A server on 127.0.0.1 that is closed after the test. */
    public TcpPeer serving(TcpPeer.Script script) throws IOException {
        return use(TcpPeer.playing(script));
    }

    public static void stop(Relay relay, Duration grace) throws Exception {
        relay.stop(grace).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** Registers a peer to be closed after the test. */
    public <T extends Closeable> T use(T peer) {
        peers.push(peer);
        return peer;
    }

    /** Where {@code relay} listens, in the order of its listeners. */
    public static List<InetSocketAddress> bound(Relay relay) {
        return relay.listeners().stream()
                .filter(ListenerStatus.Listening.class::isInstance)
                .map(status -> ((ListenerStatus.Listening) status).bound())
                .toList();
    }
}
