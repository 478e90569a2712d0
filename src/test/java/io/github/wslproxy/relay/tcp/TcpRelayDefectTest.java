package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.RelayFixture.bound;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.relay.RelayStats;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Escalations;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A defect on the way of one client costs that client, and no other. */
class TcpRelayDefectTest {
    private static final TargetState DOWN = new TargetState.Down("it is stopped");

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    @RegisterExtension
    final Escalations escalations = new Escalations();

    private volatile @Nullable Throwable planted;
    private volatile TargetState state = DOWN;
    private volatile Duration hold = Duration.ZERO;
    private final AtomicInteger asked = new AtomicInteger();

    private final TargetSource source = new TargetSource() {
        @Override
        public TargetState current() {
            asked.incrementAndGet();
            raise();
            return state;
        }

        @Override
        public Duration holdTimeout() {
            return hold;
        }
    };

    @Test
    void aClientWhoseWayFailsUnexpectedlyIsResetAndTheNextGetsThrough() throws Exception {
        TcpPeer echo = fixture.use(TcpPeer.playing(TcpPeer::echo));
        state = new TargetState.Up(echo.address(), "the test says so");
        TcpRelay relay = start(echo.port());
        planted = new IllegalStateException("planted");

        assertThatThrownBy(() -> {
                    try (Socket client = connect(relay)) {
                        client.getInputStream().read();
                    }
                })
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");

        assertThat(relay.counters().lastError().map(RelayStats.LastError::text).orElse(""))
                .contains("unexpected: java.lang.IllegalStateException: planted (at ");
        planted = null;
        assertEcho(relay);
        Await.until(() -> relay.counters().open() == 0);
    }

    @Test
    void aClientThatWaitsIsNotForgottenWhenALookForItsTargetFails() throws Exception {
        TcpPeer echo = fixture.use(TcpPeer.playing(TcpPeer::echo));
        hold = Duration.ofSeconds(30);
        TcpRelay relay = start(echo.port());

        try (Socket client = connect(relay)) {
            Await.until(() -> relay.connectQueue().waiting() == 1);
            planted = new IllegalStateException("planted");
            assertReset(client);
        }

        assertThat(relay.connectQueue().waiting()).isZero();
        Await.until(() -> relay.counters().open() == 0);
        planted = null;
        state = new TargetState.Up(echo.address(), "the test says so");
        assertEcho(relay);
    }

    @Test
    void anErrorOnTheWayOfAClientIsNotKeptSecret() throws Exception {
        TcpRelay relay = start(9);
        Error fatal = new NoClassDefFoundError("planted");
        planted = fatal;

        try (Socket client = connect(relay)) {
            assertThat(client.isConnected()).isTrue();
            assertThat(escalations.next()).isSameAs(fatal);
        } finally {
            planted = null;
        }
    }

    private void raise() {
        Throwable failure = planted;
        if (failure instanceof Error fatal) {
            throw fatal;
        }
        if (failure instanceof RuntimeException defect) {
            throw defect;
        }
    }

    private TcpRelay start(int target) throws Exception {
        return fixture.start(new TcpRelay(
                Forwards.tcp().listen("127.0.0.1", 0).toWsl(target).named("x"), source, fixture.context()));
    }

    private static Socket connect(TcpRelay relay) throws IOException {
        Socket client = new Socket();
        client.connect(bound(relay).get(0), 10_000);
        client.setSoTimeout(10_000);
        return client;
    }

    private static void assertReset(Socket client) {
        assertThatThrownBy(() -> client.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    private static void assertEcho(TcpRelay relay) throws IOException {
        try (Socket client = connect(relay)) {
            client.getOutputStream().write(7);
            assertThat(client.getInputStream().read()).isEqualTo(7);
        }
    }
}
