package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.Forwards.ip;
import static io.github.wslproxy.testing.Loopback.freePort;
import static io.github.wslproxy.testing.TcpClients.assertEchoes;
import static io.github.wslproxy.testing.TcpClients.assertRefused;
import static io.github.wslproxy.testing.TcpClients.connect;
import static io.github.wslproxy.testing.TcpClients.random;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.BlackHole;
import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a client meets whose VM has just come up, moves, or goes down while it connects. */
@Tag("slow")
class TcpRelayVmStartTest extends TcpRelayHoldFixture {
    @Test
    void theServerMayNeedTimeAfterTheStartOfItsVm() throws Exception {
        int port = freePort();
        hold(LONG);
        TcpRelay relay = relayTo(port);
        try (Socket client = connect(relay)) {
            awaitWaiting(relay, 1);
            up("127.0.0.1");
            awaitFailedConnects(2);
            fixture.use(TcpPeer.atPort("127.0.0.1", port, TcpPeer::echo));
            assertEchoes(client);
        }
    }

    @Test
    void aServerThatNeverListensIsTriedNoLongerThanHold() throws Exception {
        hold(Duration.ofSeconds(1));
        TcpRelay relay = relayTo(freePort());
        try (Socket client = connect(relay)) {
            awaitWaiting(relay, 1);
            up("127.0.0.1");
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        assertThat(relay.counters().lastError().orElseThrow().text())
                .contains("cannot connect to 127.0.0.1:")
                .endsWith("it was kept waiting for 1s");
    }

    @Test
    void aServerThatRefusesRightAfterItsVmHasComeUpIsTriedAgainThoughNobodyWaitsOtherwise() throws Exception {
        int port = freePort();
        TcpRelay relay = relayTo(port);
        up("127.0.0.1");
        try (Socket client = connect(relay)) {
            client.getOutputStream().write("GET /".getBytes(UTF_8));
            awaitFailedConnects(2);
            fixture.use(TcpPeer.atPort("127.0.0.1", port, TcpPeer::echo));
            assertThat(client.getInputStream().readNBytes(5)).asString(UTF_8).isEqualTo("GET /");
        }
        assertThat(wakeRequests.get()).isZero();
    }

    @Test
    void itIsTriedNoLongerThanTheConnectTimeout() throws Exception {
        TcpRelay relay =
                start(to(freePort()).connectTimeout(Duration.ofMillis(600)).named("x"));
        up("127.0.0.1");
        long began = System.nanoTime();
        assertRefused(relay);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(590), Duration.ofSeconds(4));
    }

    @Test
    void aServerThatRefusesInAVmThatHasRunForLongIsNotTriedAgain() throws Exception {
        CurrentTarget running = new CurrentTarget(Clock.systemUTC(), new TargetState.Unknown("not asked yet"));
        running.whileStopped(LONG, wakeRequests::incrementAndGet);
        running.publish(new TargetState.Up(ip("127.0.0.1"), "the first answer, of a VM that has run before"));
        TcpRelay relay = fixture.tcp(to(freePort()), running);
        assertRefused(relay); // Classes are loaded now.
        long began = System.nanoTime();
        assertRefused(relay);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(100));
    }

    @Test
    void aTargetThatMovesDuringTheConnectIsDialledWhereItIsNow() throws Exception {
        try (BlackHole full = new BlackHole(ip("127.0.0.2"))) {
            fixture.use(TcpPeer.atPort("127.0.0.3", full.port(), TcpPeer::echo));
            target.publish(new TargetState.Up(ip("127.0.0.2"), "test"));
            TcpRelay relay = start(to(full.port()).connectTimeout(LONG).named("x"));
            try (Socket client = connect(relay)) {
                awaitConnecting(relay);
                up("127.0.0.3");
                assertEchoes(client);
            }
        }
    }

    @Test
    void aVmThatGoesDownDuringTheConnectIsWaitedFor() throws Exception {
        try (BlackHole full = new BlackHole(ip("127.0.0.2"))) {
            fixture.use(TcpPeer.atPort("127.0.0.3", full.port(), TcpPeer::echo));
            target.publish(new TargetState.Up(ip("127.0.0.2"), "test"));
            hold(LONG);
            TcpRelay relay = start(to(full.port()).connectTimeout(LONG).named("x"));
            try (Socket client = connect(relay)) {
                awaitConnecting(relay);
                target.publish(DOWN);
                awaitWaiting(relay, 1);
                up("127.0.0.3");
                assertEchoes(client);
            }
        }
    }

    @Test
    void clientsThatComeAndGoWhileTheVmComesAndGoesLeaveNothingOpen() throws Exception {
        TcpPeer echo = fixture.echo();
        hold(Duration.ofSeconds(2));
        TcpRelay relay = relayTo(echo.port());
        Random random = new Random(5);
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            if (i % 50 == 0) {
                target.publish(i % 100 == 0 ? DOWN : new TargetState.Up(ip("127.0.0.1"), "test"));
            }
            Socket client = connect(relay);
            clients.add(client);
            try {
                behave(client, random);
            } catch (SocketException hadItsShare) {
                // One client has half of the free places to wait in; beyond that it is reset, which may come at any
                // moment.
            }
        }
        up("127.0.0.1");
        for (Socket client : clients) {
            client.close();
        }
        Await.until(() -> relay.counters().open() == 0);
        Await.until(() -> budget() == 0);
    }

    private static void behave(Socket client, Random random) throws IOException {
        if (random.nextBoolean()) {
            client.getOutputStream().write(new byte[random.nextInt(3000)]);
        }
        switch (random.nextInt(4)) {
            case 0 -> client.close();
            case 1 -> {
                client.setOption(StandardSocketOptions.SO_LINGER, 0);
                client.close();
            }
            case 2 -> client.shutdownOutput();
            default -> client.setTcpNoDelay(true);
        }
    }

    private void awaitFailedConnects(int count) throws Exception {
        Await.until(() -> failedConnects.get() >= count);
    }
}
