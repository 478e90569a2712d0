package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.Forwards.ip;
import static io.github.wslproxy.testing.Loopback.freePort;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.LocalAddresses;
import io.github.wslproxy.relay.LoopGuard;
import io.github.wslproxy.relay.LoopGuards;
import io.github.wslproxy.relay.Refusal;
import io.github.wslproxy.relay.RefusalCode;
import io.github.wslproxy.relay.tcp.TcpDialer.ConnectResult;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.BlackHole;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.TcpClients;
import io.github.wslproxy.testing.TcpPeer;
import io.netty.channel.IoEventLoop;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TcpDialerTest {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    private final AtomicInteger silences = new AtomicInteger();
    private Predicate<InetSocketAddress> isLocalhostRelay = address -> false;
    private LoopGuard guard = new LoopGuard(new LocalAddresses());
    private IoEventLoop loop;

    @BeforeEach
    void takeALoop() {
        loop = fixture.context().loops().group().next();
    }

    @Test
    void theFirstAddressThatAnswersIsTaken() throws Exception {
        TcpPeer server = fixture.use(TcpPeer.at("127.0.0.6", TcpPeer::echo));

        ConnectResult.Connected connected = connected(dial(server.port(), "127.0.0.5", "127.0.0.6", "127.0.0.7"));

        assertThat(connected.address()).isEqualTo(new InetSocketAddress(ip("127.0.0.6"), server.port()));
        assertThat(connected.target().remoteAddress()).isEqualTo(connected.address());
    }

    @Test
    void anAddressThatDoesNotAnswerLeavesTimeForTheNext() throws Exception {
        BlackHole hole = fixture.use(new BlackHole(ip("127.0.0.5")));
        fixture.use(TcpPeer.atPort("127.0.0.6", hole.port(), TcpPeer::echo));
        long before = System.nanoTime();

        connected(dial(hole.port(), "127.0.0.5", "127.0.0.6"));

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(LIMIT);
    }

    @Test
    void theTargetItselfHasNearlyAllOfTheTimeAndItsSilenceIsToldBeforeLocalhostIsTried() throws Exception {
        BlackHole hole = fixture.use(new BlackHole(ip("127.0.0.5")));
        fixture.use(TcpPeer.atPort("127.0.0.1", hole.port(), TcpPeer::echo));
        isLocalhostRelay = address -> address.getAddress().equals(ip("127.0.0.1"));
        long before = System.nanoTime();

        connected(dial(hole.port(), "127.0.0.5", "127.0.0.1"));

        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(LIMIT.multipliedBy(8).dividedBy(10), LIMIT);
        assertThat(silences).hasValue(1);
    }

    @Test
    void aTargetThatRefusesIsNotSilent() throws Exception {
        int port = freePort();
        isLocalhostRelay = address -> address.getAddress().equals(ip("127.0.0.1"));
        Call call = dial(port, "127.0.0.5", "127.0.0.1");

        refusal(call);

        assertThat(call.dial.foundSilence()).isFalse();
        assertThat(silences).hasValue(0);
    }

    @Test
    void aConnectThatIsAbandonedBeforeItIsAcceptedIsNoClient() throws Exception {
        TcpPeer echo = fixture.echo();
        guard = fixture.context().loopGuard();
        isLocalhostRelay = address -> true;
        TcpRelay relay = fixture.start(new TcpRelay(
                Forwards.tcp().listen("127.0.0.1", 0).toWsl(echo.port()).named("x"),
                TargetSource.fixed(echo.address()),
                fixture.context()));
        List<InetSocketAddress> listener = RelayFixture.bound(relay);
        CountDownLatch mayAccept = new CountDownLatch(1);
        fixture.context().loops().all().stream()
                .filter(other -> other != loop)
                .forEach(other -> other.submit(() -> mayAccept.await(10, TimeUnit.SECONDS)));

        Call call = new Call(listener);
        loop.submit(() -> {
                    call.dial.begin();
                    call.dial.abandon();
                })
                .get(10, TimeUnit.SECONDS);
        mayAccept.countDown();

        TcpClients.assertEchoes(relay);
        assertThat(relay.counters().accepted() + relay.counters().refused()).isOne();
    }

    @Test
    void whereNoneAnswersTheReasonsOfAllAreGiven() throws Exception {
        int port = freePort();

        assertThat(refusal(dial(port, "127.0.0.5", "127.0.0.6")).text())
                .contains("cannot connect to 127.0.0.5:" + port + ": Connection refused; nor to 127.0.0.6:" + port
                        + ": Connection refused");
    }

    @Test
    void anAttemptThatIsAbandonedTriesNoFurtherAddress() throws Exception {
        BlackHole hole = fixture.use(new BlackHole(ip("127.0.0.5")));
        TcpPeer next = fixture.use(TcpPeer.atPort("127.0.0.6", hole.port(), TcpPeer::echo));
        Call call = dial(hole.port(), "127.0.0.5", "127.0.0.6");

        loop.execute(call.dial::abandon);

        assertThat(refusal(call).code()).isEqualTo(RefusalCode.CONNECT_FAILED);
        assertThat(next.isConnectedTo()).isFalse();
    }

    @Test
    void aConnectThatComesBackIsKnownByItsPortBeforeItIsAccepted() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 10, ip("127.0.0.1"))) {
            LoopGuards.listen(
                    guard,
                    Protocol.TCP,
                    new InetSocketAddress(ip("127.0.0.99"), listener.getLocalPort()),
                    Optional::empty);
            Call call = dial(listener.getLocalPort(), "127.0.0.1");
            try (Socket accepted = listener.accept()) {
                TcpSocket target = connected(call).target();
                InetSocketAddress client = (InetSocketAddress) accepted.getRemoteSocketAddress();

                assertThat(guard.isOwnConnection(client)).isTrue();

                accepted.setSoTimeout(10_000);
                assertThatThrownBy(() -> accepted.getInputStream().read())
                        .isInstanceOf(SocketException.class)
                        .hasMessageContaining("reset");
                Await.until(() -> !target.isOpen());
                assertThat(target.comesBack()).isTrue();
                assertThat(guard.isOwnConnection(client))
                        .as("its port may be another's now")
                        .isFalse();
            }
        }
    }

    @Test
    void aSocketThatIsConnectedToItselfIsRecognised() throws Exception {
        InetSocketAddress itself = new InetSocketAddress(ip("127.0.0.1"), freePort());
        TcpSocket socket = TcpSocket.open(loop, itself);
        SocketAndPeer.closeAfterwards(fixture, socket);
        socket.bind(itself);
        SocketAndPeer.connect(socket, loop, itself);

        assertThat(socket.isConnectedToItself()).isTrue();
    }

    private Call dial(int port, String... addresses) throws Exception {
        List<InetSocketAddress> targets = Arrays.stream(addresses)
                .map(address -> new InetSocketAddress(ip(address), port))
                .toList();
        Call call = new Call(targets);
        loop.submit(call.dial::begin).get(10, TimeUnit.SECONDS);
        return call;
    }

    private final class Call implements TcpDialer.Caller {
        private final CompletableFuture<ConnectResult> result = new CompletableFuture<>();
        private final AtomicInteger ends = new AtomicInteger();
        private final TcpDialer.Dial dial;

        Call(List<InetSocketAddress> addresses) {
            dial = new TcpDialer(guard, why -> {}).dial(loop, addresses, LIMIT, this);
        }

        @Override
        public boolean isLocalhostRelay(InetSocketAddress address) {
            return isLocalhostRelay.test(address);
        }

        @Override
        public void targetIsSilent() {
            silences.incrementAndGet();
        }

        @Override
        public void dialEnded(TcpDialer.Dial ended, ConnectResult end) {
            ends.incrementAndGet();
            result.complete(end);
        }
    }

    private ConnectResult.Connected connected(Call call) throws Exception {
        ConnectResult.Connected connected = (ConnectResult.Connected) result(call);
        SocketAndPeer.closeAfterwards(fixture, connected.target());
        return connected;
    }

    private static Refusal refusal(Call call) throws Exception {
        return ((ConnectResult.NotConnected) result(call)).reason();
    }

    private static ConnectResult result(Call call) throws Exception {
        ConnectResult end = call.result.get(10, TimeUnit.SECONDS);
        assertThat(call.ends).hasValue(1);
        return end;
    }
}
