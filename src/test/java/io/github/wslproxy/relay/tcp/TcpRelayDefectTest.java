package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.TcpClients.assertEchoes;
import static io.github.wslproxy.testing.TcpClients.assertRefused;
import static io.github.wslproxy.testing.TcpClients.assertReset;
import static io.github.wslproxy.testing.TcpClients.connect;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.relay.RelayStats;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Escalations;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.TcpPeer;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A defect on the way of one client costs that client, and no other. */
class TcpRelayDefectTest {
    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    @RegisterExtension
    final Escalations escalations = new Escalations();

    private final FakeTargetSource source = FakeTargetSource.down();

    @Test
    void aClientWhoseWayFailsUnexpectedlyIsResetAndTheNextGetsThrough() throws Exception {
        TcpPeer echo = fixture.echo();
        source.publish(echo.address());
        TcpRelay relay = start(echo.port());
        source.plant(new IllegalStateException("planted"));

        assertRefused(relay);

        assertThat(relay.counters().lastError().map(RelayStats.LastError::text).orElse(""))
                .contains("unexpected: java.lang.IllegalStateException: planted (at ");
        source.plant(null);
        assertEchoes(relay);
        Await.until(() -> relay.counters().open() == 0);
    }

    @Test
    void aClientThatWaitsIsNotForgottenWhenALookForItsTargetFails() throws Exception {
        TcpPeer echo = fixture.echo();
        source.holdingFor(Duration.ofSeconds(30));
        TcpRelay relay = start(echo.port());

        try (Socket client = connect(relay)) {
            Await.until(() -> relay.connectQueue().waiting() == 1);
            source.plant(new IllegalStateException("planted"));
            assertReset(client);
        }

        assertThat(relay.connectQueue().waiting()).isZero();
        Await.until(() -> relay.counters().open() == 0);
        source.plant(null);
        source.publish(echo.address());
        assertEchoes(relay);
    }

    @Test
    void anErrorOnTheWayOfAClientIsNotKeptSecret() throws Exception {
        TcpRelay relay = start(9);
        Error fatal = new NoClassDefFoundError("planted");
        source.plant(fatal);

        try (Socket client = connect(relay)) {
            assertThat(client.isConnected()).isTrue();
            assertThat(escalations.next()).isSameAs(fatal);
        } finally {
            source.plant(null);
        }
    }

    private TcpRelay start(int target) throws Exception {
        return fixture.tcp(Forwards.tcp().listen("127.0.0.1", 0).toWsl(target), source);
    }
}
