package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.Forwards.ip;
import static io.github.wslproxy.testing.TcpClients.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.LimitSettings;
import io.github.wslproxy.os.DynamicPorts;
import io.github.wslproxy.relay.OutgoingPorts;
import io.github.wslproxy.relay.ProgramLimits;
import io.github.wslproxy.relay.ReadBuffers;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.BlackHole;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.FreePorts;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.TcpClients;
import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The limits of the whole program. */
@Tag("slow")
class TcpRelayLimitsTest {
    private static final int MIB = 1 << 20;
    private static final int PLENTY = 1000;

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    @Test
    void theLinksOfAllForwardsTogetherAreCappedAndASlotComesBackWithTheEnd() throws Exception {
        ProgramLimits totals = fixture.limit(new LimitSettings(3, PLENTY, PLENTY, 0));
        TcpRelay web = echo("web");
        TcpRelay ssh = echo("ssh");
        List<Socket> open = List.of(connect(web), connect(ssh), connect(ssh));
        for (Socket client : open) {
            assertEchoes(client, 1);
        }

        assertRefused(web, "limit reached: [limits] max_connections = 3");
        assertRefused(ssh, "limit reached: [limits] max_connections = 3");

        assertThat(standing(totals, "connections")).isEqualTo(new ProgramLimits.LimitStatus("connections", 3, 3, 2));
        for (Socket client : open) {
            assertEchoes(client, 1);
        }
        open.get(0).close();
        Await.until(() -> standing(totals, "connections").used() == 2);
        assertEchoes(connect(ssh), 1);
    }

    @Test
    void connectsAreCappedOverAllForwardsAndOpenLinksGoOn() throws Exception {
        ProgramLimits totals = fixture.limit(new LimitSettings(PLENTY, 3, PLENTY, 0));
        TcpRelay dark = dark(Duration.ofSeconds(2));
        TcpRelay web = echo("web");
        Socket established = connect(web);
        assertEchoes(established, 1);
        for (int i = 0; i < 3; i++) {
            connect(dark);
        }
        Await.until(() -> standing(totals, "connecting").used() == 3);

        Socket queued = connect(web);
        assertEchoes(established, MIB);
        assertThat(standing(totals, "connecting")).isEqualTo(new ProgramLimits.LimitStatus("connecting", 3, 3, 0));
        assertEchoes(queued, 1);
        Await.until(() -> standing(totals, "connecting").used() == 0);
        Await.until(() -> dark.counters().open() == 0);
        assertThat(standing(totals, "connections").used()).isEqualTo(2);
    }

    @Test
    void aTargetThatDoesNotAnswerLeavesTheOtherForwardsTheirShareOfTheConnects() throws Exception {
        ProgramLimits totals = fixture.limit(new LimitSettings(PLENTY, 4, PLENTY, 0));
        totals.divideAmong(2);
        TcpRelay dark = dark(Duration.ofSeconds(30));
        TcpRelay web = echo("web");
        for (int i = 0; i < 100; i++) {
            connect(dark);
        }
        Await.until(() -> standing(totals, "connecting").used() == 2);

        for (int i = 0; i < 20; i++) {
            assertEchoes(connect(web), 1);
        }
        assertThat(standing(totals, "connecting").used()).isEqualTo(2);
        assertThat(dark.counters().refused()).isZero();
    }

    @Test
    void whoIsNotServedWithinTheConnectTimeoutIsRefused() throws Exception {
        ProgramLimits totals = fixture.limit(new LimitSettings(PLENTY, 1, PLENTY, 0));
        TcpRelay dark = dark(Duration.ofSeconds(1));
        connect(dark);
        Await.until(() -> standing(totals, "connecting").used() == 1);

        connect(dark);

        Await.until(() -> dark.counters().refused() == 2);
        Await.until(() -> dark.counters().open() == 0);
        assertThat(standing(totals, "connecting").used()).isZero();
    }

    @Test
    void aDialThatIsCutOffGivesItsPlaceBack() throws Exception {
        ProgramLimits totals = fixture.limit(new LimitSettings(PLENTY, 3, PLENTY, 0));
        TcpRelay dark = dark(Duration.ofSeconds(30));
        for (int i = 0; i < 3; i++) {
            connect(dark);
        }
        Await.until(() -> standing(totals, "connecting").used() == 3);

        RelayFixture.stop(dark, Duration.ZERO);

        Await.until(() -> standing(totals, "connecting").used() == 0);
        assertThat(standing(totals, "connections").used()).isZero();
    }

    @Test
    void aBurstToATargetThatDoesNotAnswerIsLeftInTheBacklogAndOpenLinksGoOn() throws Exception {
        ProgramLimits totals = fixture.limit(new LimitSettings(PLENTY, 5, PLENTY, 0));
        TcpRelay dark = dark(Duration.ofSeconds(30));
        TcpRelay web = echo("web");
        Socket established = connect(web);
        assertEchoes(established, 1);
        for (int i = 0; i < 500; i++) {
            connect(dark);
            if (i % 50 == 0) {
                assertEchoes(established, 1);
                assertThat(standing(totals, "connecting").used()).isLessThanOrEqualTo(5);
            }
        }

        Await.until(() -> dark.counters()
                .lastError()
                .filter(error -> error.text().startsWith("new clients wait in the backlog: "))
                .isPresent());
        assertThat(dark.counters().open()).isLessThan(400);
        assertThat(dark.counters().refused()).isZero();
        assertEchoes(established, MIB);
    }

    @Test
    void aBurstBeyondWhatMayConnectAtOnceIsServedInTurnsAndNobodyIsRefused() throws Exception {
        ProgramLimits totals = fixture.limit(new LimitSettings(PLENTY, 2, PLENTY, 0));
        TcpRelay web = echo("web");
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            clients.add(connect(web));
        }

        for (Socket client : clients) {
            assertEchoes(client, 1);
        }
        assertThat(web.counters().refused()).isZero();
        assertThat(standing(totals, "connecting")).isEqualTo(new ProgramLimits.LimitStatus("connecting", 0, 2, 0));
    }

    @Test
    void whoWaitsInTheBacklogOfATargetThatDoesNotAnswerIsTriedWhenTheFirstAreRefused() throws Exception {
        fixture.limit(new LimitSettings(PLENTY, 2, PLENTY, 0));
        TcpRelay dark = dark(Duration.ofMillis(300));
        for (int i = 0; i < 40; i++) {
            connect(dark);
        }

        Await.until(() -> dark.counters().refused() == 40);

        Await.until(() -> dark.counters().open() == 0);
    }

    @Test
    void whenDirectMemoryRunsOutOpenLinksGoOnAndNewOnesAreRefused() throws Exception {
        AtomicLong used = new AtomicLong();
        ReadBuffers memory = new ReadBuffers(used::get, used::get, 64 * MIB, 2);
        ProgramLimits totals = fixture.limit(new ProgramLimits(new LimitSettings(PLENTY, PLENTY, PLENTY, 0), memory));
        TcpRelay web = echo("web");
        Socket established = connect(web);
        assertEchoes(established, 1);

        used.set(63 * MIB);
        assertRefused(web, "limit reached: direct memory (-XX:MaxDirectMemorySize)");
        assertEchoes(established, 8 * MIB);
        assertThat(standing(totals, "direct_memory"))
                .isEqualTo(new ProgramLimits.LimitStatus("direct_memory", 63 * MIB, 64 * MIB, 1));

        used.set(0);
        assertEchoes(connect(web), 1);
    }

    @Test
    void otherLimitsAreForNewLinksAndCutNone() throws Exception {
        ProgramLimits totals = fixture.limit(new LimitSettings(3, PLENTY, PLENTY, 0));
        TcpRelay web = echo("web");
        List<Socket> open = List.of(connect(web), connect(web), connect(web));
        for (Socket client : open) {
            assertEchoes(client, 1);
        }

        totals.limit(new LimitSettings(1, PLENTY, PLENTY, 0));
        assertRefused(web, "[limits] max_connections = 1");
        for (Socket client : open) {
            assertEchoes(client, MIB);
        }
        open.get(0).close();
        open.get(1).close();
        Await.until(() -> standing(totals, "connections").used() == 1);
        assertRefused(web, "[limits] max_connections = 1");

        totals.limit(new LimitSettings(2, PLENTY, PLENTY, 0));
        assertEchoes(connect(web), 1);
        assertEchoes(open.get(2), 1);
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "others keep the ports of loopback as long as all")
    void clientsThatEndFirstUseUpNoPortsTowardsAServerOfThisComputer() throws Exception {
        TcpRelay web = echo("web");
        for (int i = 0; i < 20; i++) {
            try (Socket client = connect(web)) {
                client.shutdownOutput();
                assertThat(client.getInputStream().read()).isEqualTo(-1);
            }
        }
        OutgoingPorts ports = fixture.context().limits().outgoingPorts();
        int all = DynamicPorts.ofThisComputer().size();

        Await.until(() -> FreePorts.count(ports) == all);
        assertThat(web.counters().accepted()).isEqualTo(20);
        assertThat(OutgoingPorts.staysTaken(ip("172.30.98.229"))).isTrue();
    }

    private TcpRelay echo(String name) throws Exception {
        TcpPeer server = fixture.echo();
        return fixture.start(new TcpRelay(
                Forwards.tcp().listen("127.0.0.1", 0).toWsl(server.port()).named(name),
                TargetSource.fixed(server.address()),
                fixture.context()));
    }

    private TcpRelay dark(Duration connectTimeout) throws Exception {
        BlackHole hole = fixture.use(new BlackHole(ip("127.0.0.1")));
        return fixture.start(new TcpRelay(
                Forwards.tcp()
                        .listen("127.0.0.1", 0)
                        .toWsl(hole.port())
                        .connectTimeout(connectTimeout)
                        .named("dark"),
                TargetSource.fixed(ip("127.0.0.1")),
                fixture.context()));
    }

    private Socket connect(TcpRelay relay) throws IOException {
        return fixture.use(TcpClients.connect(relay));
    }

    private static void assertEchoes(Socket client, int bytes) throws Exception {
        byte[] sent = new byte[bytes];
        sent[0] = 'x';
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            try {
                client.getOutputStream().write(sent);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(client.getInputStream().readNBytes(bytes)).isEqualTo(sent);
        sending.get(10, TimeUnit.SECONDS);
    }

    private static ProgramLimits.LimitStatus standing(ProgramLimits totals, String name) {
        return totals.statuses().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
