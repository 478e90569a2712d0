package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.Forwards.ip;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.DynamicPorts;
import io.github.wslproxy.relay.Admission;
import io.github.wslproxy.relay.ClientKey;
import io.github.wslproxy.relay.ConnectionInfo;
import io.github.wslproxy.relay.ListenerConfig;
import io.github.wslproxy.relay.PortMapping;
import io.github.wslproxy.relay.RelayContext;
import io.github.wslproxy.relay.RelayStats;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.FreePorts;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.TcpPeer;
import io.netty.channel.IoEventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One client from its admission to its end, without a listener. */
class TcpLinkTest {
    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    private final RelayStats stats = new RelayStats(this::open, address -> true);
    private final AtomicBoolean empty = new AtomicBoolean();
    private RelayContext context;

    @SuppressWarnings("NullAway.Init") // Set by open().
    private Admission admission;

    private ConnectQueue queue;
    private TcpLinks links;
    private IoEventLoop loop;
    private SocketAndPeer client;

    @SuppressWarnings("NullAway.Init") // Set by open().
    private TcpLink link;

    @BeforeEach
    void accept() throws Exception {
        context = fixture.context();
        queue = new ConnectQueue(context.limits());
        links = new TcpLinks(context, stats, () -> "x");
        loop = context.loops().group().next();
        client = SocketAndPeer.open(fixture, loop);
    }

    @Test
    void theClientIsConnectedAndKnownToTheAdministrator() throws Exception {
        TcpPeer server = fixture.echo();
        open(FakeTargetSource.at(server.address()), server.port());

        client.peer().getOutputStream().write("ping".getBytes(UTF_8));
        assertThat(client.peer().getInputStream().readNBytes(4)).asString(UTF_8).isEqualTo("ping");

        assertThat(stats.accepted()).isOne();
        ConnectionInfo info = info();
        assertThat(info.client()).isEqualTo(client.socket().remoteAddress());
        assertThat(info.target()).isEqualTo("127.0.0.1:" + server.port());
        assertThat(info.bytesIn()).isEqualTo(4);
        assertThat(info.bytesOut()).isEqualTo(4);
    }

    @Test
    void theSlotIsGivenBackOnceBothSocketsAreClosed() throws Exception {
        TcpPeer server = fixture.echo();
        open(FakeTargetSource.at(server.address()), server.port());
        Socket atServer = server.nextAccepted();
        Await.until(() -> stats.accepted() == 1);
        CompletableFuture<Integer> slots = new CompletableFuture<>();
        SocketAndPeer.on(loop, () -> client.socket().onClose(() -> slots.complete(open())));

        client.peer().shutdownOutput();

        assertThat(client.peer().getInputStream().read()).isEqualTo(-1);
        assertThat(slots.get(10, TimeUnit.SECONDS))
                .as("slots while the target is open")
                .isOne();
        awaitEnd();
        assertThat(atServer.isClosed()).isTrue();
    }

    @Test
    void whatTheClientSaysWhileItWaitsReachesTheTarget() throws Exception {
        TcpPeer server = fixture.echo();
        FakeTargetSource source = FakeTargetSource.down().holdingFor(Duration.ofSeconds(30));
        open(source, server.port());
        Await.until(() -> queue.waiting() == 1);
        assertThat(info().target()).isEmpty();
        client.peer().getOutputStream().write("early".getBytes(UTF_8));
        Await.until(() -> waitingBytes() > 0);

        source.publish(server.address());
        link.targetChanged();

        assertThat(client.peer().getInputStream().readNBytes(5)).asString(UTF_8).isEqualTo("early");
        assertThat(info().bytesIn()).isEqualTo(5);
        assertThat(waitingBytes()).isZero();
    }

    @Test
    void aClientWhoseTargetIsNotThereIsResetAndCounted() throws Exception {
        open(FakeTargetSource.down(), 80);

        assertIsReset();
        awaitEnd();
        assertThat(stats.refused()).isOne();
        assertThat(stats.lastError().orElseThrow().text()).isEqualTo("its target is not there: not running");
    }

    @Test
    void aClientThatLeavesWhileItWaitsIsForgotten() throws Exception {
        open(FakeTargetSource.down().holdingFor(Duration.ofSeconds(30)), 80);
        client.peer().getOutputStream().write("early".getBytes(UTF_8));
        Await.until(() -> waitingBytes() > 0);

        client.reset();

        awaitEnd();
        assertThat(queue.waiting()).isZero();
        assertThat(waitingBytes()).isZero();
        assertThat(stats.refused()).isZero();
    }

    @Test
    void aClientThatHadLeftBeforeItWasTakenOverIsForgotten() throws Exception {
        SocketAndPeer.on(loop, client.socket()::close);

        open(FakeTargetSource.down().holdingFor(Duration.ofSeconds(30)), 80);

        awaitEnd();
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void stoppingRefusesAClientThatWaits() throws Exception {
        open(FakeTargetSource.down().holdingFor(Duration.ofSeconds(30)), 80);
        Await.until(() -> queue.waiting() == 1);

        links.stopConnecting();

        assertIsReset();
        awaitEnd();
        assertThat(stats.lastError().orElseThrow().text()).isEqualTo("wslproxy is stopping");
    }

    @Test
    void aClientThatWaitsIsCutOffWithoutARefusal() throws Exception {
        open(FakeTargetSource.down().holdingFor(Duration.ofSeconds(30)), 80);
        Await.until(() -> queue.waiting() == 1);

        link.cutOff("by hand");

        assertIsReset();
        awaitEnd();
        assertThat(queue.waiting()).isZero();
        assertThat(stats.refused()).isZero();
    }

    @Test
    void aLinkThatIsEndedByHandIsResetOnBothSides() throws Exception {
        TcpPeer server = fixture.echo();
        open(FakeTargetSource.at(server.address()), server.port());
        Await.until(() -> stats.accepted() == 1);

        assertThat(links.end(client.socket().remoteAddress())
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS))
                .isTrue();

        assertIsReset();
        Await.until(() -> !server.failures().isEmpty());
        assertThat(server.failures().peek()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
        awaitEnd();
    }

    @Test
    void aLinkToWhereAVmWasIsLeftBehind() throws Exception {
        TcpPeer server = fixture.echo();
        FakeTargetSource source = FakeTargetSource.at(server.address());
        open(source, server.port());
        Await.until(() -> stats.accepted() == 1);
        assertThat(links.lead(server.address())).isFalse();

        source.publish(new TargetState.Up(ip("127.0.0.9"), "it moved"));

        assertThat(link.formerTarget()).contains(new InetSocketAddress(server.address(), server.port()));
        assertThat(links.lead(server.address())).isTrue();
        links.resetTo(server.address());
        assertIsReset();
        awaitEnd();
    }

    private int open() {
        return admission.limits().inUse();
    }

    private void open(FakeTargetSource source, int port) throws Exception {
        Forward forward = Forwards.tcp().listen("127.0.0.1", 0).toWsl(port).named("x");
        ListenerConfig config =
                new ListenerConfig(forward, PortMapping.of(forward).get(0), source);
        admission = new Admission(forward, Protocol.TCP, context.hostAdapter(), context.limits(), null);
        InetAddress address = ip("127.0.0.1");
        ClientKey who = ClientKey.of(address, context.localAddresses());
        TcpDialer dialer = new TcpDialer(context.loopGuard(), queue::noSocketLeft);
        loop.submit(() -> {
                    assertThat(admission.enter(who, config.mapping())).isEmpty();
                    context.limits().outgoingPorts().take(who);
                    link = links.open(client.socket(), client.socket().remoteAddress(), who, admission, config);
                    link.connect(queue, dialer);
                })
                .get(10, TimeUnit.SECONDS);
        links.whenEmpty(() -> empty.set(true));
    }

    private ConnectionInfo info() throws Exception {
        return links.infos().toCompletableFuture().get(10, TimeUnit.SECONDS).get(0);
    }

    private long waitingBytes() {
        return context.loops().readBuffers().waiting();
    }

    private void assertIsReset() {
        assertThatThrownBy(() -> client.peer().getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    private void awaitEnd() throws Exception {
        Await.until(empty::get);
        assertThat(open()).isZero();
        assertThat(FreePorts.count(context.limits().outgoingPorts()))
                .isEqualTo(DynamicPorts.ofThisComputer().size());
    }
}
