package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.Forwards.ip;
import static io.github.wslproxy.testing.TcpClients.assertEchoes;
import static io.github.wslproxy.testing.TcpClients.assertReset;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.relay.FormerAddresses;
import io.github.wslproxy.relay.LoopGuard;
import io.github.wslproxy.relay.RelayContext;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Clock;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which of a target's addresses a connection leads to, and what becomes of it when the target leaves that address. */
class TcpRelayTargetTest {
    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    @Test
    void anAddressThatRefusesIsFollowedByTheNextAndTheOneThatWorkedIsTold() throws Exception {
        TcpPeer echo = fixture.use(TcpPeer.at("127.0.0.6", TcpPeer::echo));
        FakeTargetSource name = FakeTargetSource.at(ip("127.0.0.5"), ip("127.0.0.6"));
        TcpRelay relay = start(echo.port(), Duration.ofSeconds(5), name);

        assertEchoes(relay);

        assertThat(name.worked()).containsExactly(new InetSocketAddress(ip("127.0.0.6"), echo.port()));
        assertThat(name.failures()).isZero();
    }

    @Test
    void whereNoneAnswersTheRefusalNamesAll() throws Exception {
        FakeTargetSource name = FakeTargetSource.at(ip("127.0.0.5"), ip("127.0.0.6"));
        TcpRelay relay = start(9, Duration.ofSeconds(5), name);

        assertReset(connect(relay));

        assertThat(relay.counters().lastError().orElseThrow().text())
                .contains("cannot connect to 127.0.0.5:9: Connection refused; nor to 127.0.0.6:9: Connection refused");
        assertThat(name.failures()).isOne();
        assertThat(fixture.context().limits().connecting().used()).isZero();
    }

    @Test
    void connectionsToWhereAVmWasAreResetOnBothSidesWhenNobodyAnswersThere() throws Exception {
        TcpPeer old = fixture.echo();
        CurrentTarget wsl = new CurrentTarget(Clock.systemUTC(), new TargetState.Up(old.address(), "test"));
        TcpRelay relay = start(old.port(), wsl, FormerAddresses.Presence.SILENT);
        Socket listening = connect(relay);
        Await.until(() -> relay.counters().accepted() == 1);

        wsl.publish(new TargetState.Up(ip("127.0.0.9"), "it moved"));

        assertReset(listening);
        Await.until(() -> !old.failures().isEmpty());
        assertThat(old.failures().peek()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
    }

    @Test
    void connectionsToAVmThatHasStoppedAreResetToo() throws Exception {
        TcpPeer old = fixture.echo();
        CurrentTarget wsl = new CurrentTarget(Clock.systemUTC(), new TargetState.Up(old.address(), "test"));
        TcpRelay relay = start(old.port(), wsl, FormerAddresses.Presence.SILENT);
        Socket open = connect(relay);
        Await.until(() -> relay.counters().accepted() == 1);

        wsl.publish(new TargetState.Down("Ubuntu is not running"));

        assertReset(open);
    }

    @Test
    void whileSomebodyAnswersWhereAVmWasItsConnectionsGoOn() throws Exception {
        TcpPeer old = fixture.echo();
        CurrentTarget wsl = new CurrentTarget(Clock.systemUTC(), new TargetState.Up(old.address(), "test"));
        TcpRelay relay = start(old.port(), wsl, FormerAddresses.Presence.THERE);
        try (Socket open = connect(relay)) {
            Await.until(() -> relay.counters().accepted() == 1);
            wsl.publish(new TargetState.Up(ip("127.0.0.9"), "it moved"));
            Await.until(() -> asked.size() >= 3);

            assertEchoes(open);
        }
    }

    @Test
    void aConnectionOfOurOwnThatComesInIsResetAndCountsAsNothing() throws Exception {
        TcpPeer echo = fixture.echo();
        TcpRelay relay = start(echo.port(), Duration.ofSeconds(5), TargetSource.fixed(echo.address()));
        AtomicBoolean told = new AtomicBoolean();
        try (Socket own = new Socket()) {
            own.bind(new InetSocketAddress(0));
            LoopGuard.Registration registration = fixture.context()
                    .loopGuard()
                    .connecting(new InetSocketAddress(own.getLocalPort()), () -> told.set(true));
            own.connect(bound(relay));
            own.setSoTimeout(10_000);
            assertReset(own);
            registration.remove();
        }
        assertThat(told.get()).isTrue();
        assertThat(relay.counters().accepted() + relay.counters().refused()).isZero();
        assertThat(relay.counters().lastOwnClient()).isEmpty();
        assertEchoes(relay);
    }

    private final Queue<InetSocketAddress> asked = new ConcurrentLinkedQueue<>();

    private TcpRelay start(int port, CurrentTarget wsl, FormerAddresses.Presence answer) throws Exception {
        RelayContext real = fixture.context();
        FormerAddresses scripted = new FormerAddresses(
                real.loops(),
                (loop, where) -> {
                    asked.add(where);
                    return CompletableFuture.completedFuture(answer);
                },
                Duration.ofMillis(10));
        RelayContext context = new RelayContext(
                real.loops(),
                real.sweeper(),
                real.localAddresses(),
                real.hostAdapter(),
                real.loopGuard(),
                real.limits(),
                real.listenerLog(),
                scripted,
                real.portOwner());
        return fixture.start(new TcpRelay(forward(port, Duration.ofSeconds(5)), wsl, context));
    }

    private TcpRelay start(int port, Duration connectTimeout, TargetSource source) throws Exception {
        return fixture.start(new TcpRelay(forward(port, connectTimeout), source, fixture.context()));
    }

    private static Forward forward(int port, Duration connectTimeout) {
        return Forwards.tcp()
                .listen("127.0.0.1", 0)
                .toWsl(port)
                .connectTimeout(connectTimeout)
                .named("x");
    }

    private static InetSocketAddress bound(TcpRelay relay) {
        return RelayFixture.bound(relay).get(0);
    }

    private Socket connect(TcpRelay relay) throws IOException {
        Socket socket = fixture.use(new Socket(ip("127.0.0.1"), bound(relay).getPort()));
        socket.setSoTimeout(10_000);
        return socket;
    }
}
