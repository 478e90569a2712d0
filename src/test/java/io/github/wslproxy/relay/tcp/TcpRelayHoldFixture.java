package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.Forwards.ip;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A relay whose VM is down, until the test says otherwise. */
abstract class TcpRelayHoldFixture {
    static final int MIB = 1 << 20;
    static final Duration LONG = Duration.ofSeconds(30);
    static final TargetState DOWN = new TargetState.Down("Ubuntu is not running");

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    final CurrentTarget target = new CurrentTarget(Clock.systemUTC(), DOWN);
    final AtomicInteger failedConnects = new AtomicInteger();
    final AtomicInteger wakeRequests = new AtomicInteger();

    void hold(Duration hold) {
        target.whileStopped(hold, wakeRequests::incrementAndGet);
    }

    void up(String address) {
        target.publish(new TargetState.Up(ip(address), "test"));
    }

    TcpRelay relayTo(int port) throws Exception {
        return start(to(port).named("x"));
    }

    TcpRelay start(Forward forward) throws Exception {
        target.onConnectFailed(failedConnects::incrementAndGet);
        return fixture.start(new TcpRelay(forward, target, fixture.context()));
    }

    static Forwards to(int port) {
        return Forwards.tcp().listen("127.0.0.1", 0).toWsl(port);
    }

    static void awaitWaiting(TcpRelay relay, int count) throws Exception {
        Await.until(() -> relay.connectQueue().waiting() == count);
    }

    static void awaitConnecting(TcpRelay relay) throws Exception {
        Await.until(() -> relay.counters().open() > 0);
    }

    /** Until the loops have done what the sockets had for them. */
    void awaitRead() throws Exception {
        Await.untilUnchanged(() -> 1 + budget(), Duration.ofMillis(100));
    }

    long budget() {
        return fixture.context().loops().readBuffers().waiting();
    }

    static void send(Socket client, byte[] bytes) {
        try {
            client.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
