package io.github.wslproxy.relay.udp;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.LimitSettings;
import io.github.wslproxy.relay.ProgramLimits;
import io.github.wslproxy.relay.ReadBuffers;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.UdpPeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The limits of the whole program. */
class UdpRelayLimitsTest {
    private static final int MIB = 1 << 20;
    private static final int CAP = 200;

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    @Test
    void theSessionsOfAllForwardsTogetherAreCappedAndOpenOnesGoOn() throws Exception {
        ProgramLimits totals = fixture.limit(new LimitSettings(1, 1, CAP, 1));
        UdpRelay dns = echo("dns", Duration.ofMinutes(5));
        UdpRelay game = echo("game", Duration.ofSeconds(4));
        List<UdpPeer> open = new ArrayList<>();
        for (int i = 0; i < CAP / 2; i++) {
            open.add(client(dns));
        }
        for (int i = 0; i < 2; i++) { // Who has had one exchange only would give way.
            for (UdpPeer peer : open) {
                assertThat(peer.askUntilAnswered("a")).isEqualTo("a");
            }
        }
        for (int i = 0; i < CAP / 2; i++) {
            UdpPeer player = client(game);
            player.ask("x");
            player.ask("y");
        }
        for (int i = 0; i < 2 * CAP; i++) {
            client(game).send("x");
        }
        Await.until(() -> game.counters().refused() >= CAP);

        assertThat(game.counters().lastError().orElseThrow().text())
                .endsWith("limit reached: [limits] max_sessions = " + CAP);
        assertThat(sessions(totals).used()).isLessThanOrEqualTo(CAP);
        // More may be refused between the looks at the two counters.
        Await.until(() -> sessions(totals).refused() == game.counters().refused());
        for (UdpPeer peer : open) {
            assertThat(peer.askUntilAnswered("a")).isEqualTo("a");
        }
        Await.until(() -> sessions(totals).used() == CAP / 2);
        assertThat(client(game).askUntilAnswered("room again")).isEqualTo("room again");
    }

    @Test
    void whenDirectMemoryRunsOutOpenSessionsGoOnAndNewOnesAreRefused() throws Exception {
        AtomicLong used = new AtomicLong();
        ReadBuffers memory = new ReadBuffers(used::get, used::get, 64 * MIB, 2);
        ProgramLimits totals = fixture.limit(new ProgramLimits(new LimitSettings(1, 1, CAP, 1), memory));
        UdpRelay dns = echo("dns", Duration.ofMinutes(5));
        UdpPeer old = client(dns);
        assertThat(old.askUntilAnswered("before")).isEqualTo("before");

        used.set(63 * MIB);
        UdpPeer late = client(dns);
        late.send("x");
        Await.until(() -> dns.counters().refused() == 1);

        assertThat(old.askUntilAnswered("before")).isEqualTo("before");
        assertThat(totals.statuses()).contains(new ProgramLimits.LimitStatus("direct_memory", 63 * MIB, 64 * MIB, 1));
        used.set(0);
        assertThat(late.askUntilAnswered("now")).isEqualTo("now");
    }

    @Test
    void otherLimitsEndNoSession() throws Exception {
        ProgramLimits totals = fixture.limit(new LimitSettings(1, 1, 3, 1));
        UdpRelay dns = echo("dns", Duration.ofMinutes(5));
        List<UdpPeer> open = List.of(client(dns), client(dns), client(dns));
        for (UdpPeer peer : open) {
            assertThat(peer.askUntilAnswered("a")).isEqualTo("a");
        }

        totals.limit(new LimitSettings(1, 1, 1, 1));
        client(dns).send("x");
        Await.until(() -> dns.counters().refused() == 1);
        for (UdpPeer peer : open) {
            assertThat(peer.askUntilAnswered("a")).isEqualTo("a");
        }

        totals.limit(new LimitSettings(1, 1, 4, 1));
        assertThat(client(dns).askUntilAnswered("c")).isEqualTo("c");
    }

    private UdpRelay echo(String name, Duration idle) throws Exception {
        UdpPeer server = fixture.use(UdpPeer.echo(UdpPeer.anyPort(ip("127.0.0.1")), ""));
        return fixture.start(new UdpRelay(
                Forwards.udp()
                        .listen("127.0.0.1", 0)
                        .toWsl(server.address().getPort())
                        .udpIdleTimeout(idle)
                        .named(name),
                TargetSource.fixed(ip("127.0.0.1")),
                fixture.context()));
    }

    private UdpPeer client(UdpRelay relay) throws Exception {
        return fixture.use(UdpPeer.client(RelayFixture.bound(relay).get(0)));
    }

    private static ProgramLimits.LimitStatus sessions(ProgramLimits totals) {
        return totals.statuses().stream()
                .filter(one -> one.name().equals("sessions"))
                .findFirst()
                .orElseThrow();
    }
}
