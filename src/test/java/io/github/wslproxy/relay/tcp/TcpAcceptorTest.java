package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.LimitSettings;
import io.github.wslproxy.relay.EventLoops;
import io.github.wslproxy.relay.ListenerConfig;
import io.github.wslproxy.relay.PortMapping;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TcpAcceptorTest {
    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    private final BlockingQueue<TcpSocket> accepted = new LinkedBlockingQueue<>();
    private final Queue<String> problems = new ConcurrentLinkedQueue<>();

    @Test
    void aClientIsHandedOverOnItsOwnLoopAndNotReadFrom() throws Exception {
        Channel listener = listener(queue(10));

        Socket client = connect(listener);

        TcpSocket socket = nextAccepted();
        assertThat(socket.remoteAddress()).isEqualTo(client.getLocalSocketAddress());
        client.getOutputStream().write('x');
        Await.until(() -> read(socket) == 1);
    }

    @Test
    void clientsThatCannotBeAcceptedHoldUpNobody() throws Exception {
        Channel listener = listener(queue(10));

        fail(listener, "An existing connection was forcibly closed", 30);

        assertThat(listener.config().isAutoRead()).isTrue();
        connect(listener);
        nextAccepted();
        assertThat(problems).isEmpty();
    }

    @Test
    void manyInARowAreToldAndTheNextWaitsForAMomentOnly() throws Exception {
        Channel listener = listener(queue(10));

        fail(listener, "no buffer space", 64);

        assertThat(problems).containsExactly("cannot accept clients: no buffer space");
        connect(listener);
        nextAccepted();
    }

    @Test
    void whileAsManyConnectAsMayClientsWaitInTheBacklogAndThatIsTold() throws Exception {
        ConnectQueue queue = queue(1);
        Channel listener = listener(queue);
        assertThat(queue.beginConnect()).isTrue();
        connect(listener);
        nextAccepted(); // It is known only after an accept that there is no room.

        connect(listener);

        Await.until(() -> !problems.isEmpty());
        assertThat(problems.peek()).startsWith("new clients wait in the backlog: ");
    }

    @Test
    void theBacklogIsAcceptedFromWhenAConnectEnds() throws Exception {
        ConnectQueue queue = queue(1);
        Channel listener = listenerAtRest(queue);
        connect(listener);
        assertThat(accepted.poll(100, TimeUnit.MILLISECONDS)).isNull();

        queue.connectEnded();

        nextAccepted();
        assertThat(problems).isEmpty();
    }

    @Test
    void aTargetWithoutASocketStopsTheNextClients() throws Exception {
        ConnectQueue queue = queue(10);
        Channel listener = listener(queue);
        queue.noSocketLeft("Too many open files");

        connect(listener);

        nextAccepted();
        Await.until(() -> !listener.config().isAutoRead());
        assertThat(problems).containsExactly("cannot accept clients: Too many open files");
    }

    @Test
    void aListenerThatRestsAcceptsNobodyForAConnectToAnotherAddress() throws Exception {
        ConnectQueue queue = queue(1);
        Channel listener = listenerAtRest(queue);
        Socket own = connect(listener);
        connect(listener);
        CountDownLatch asked = new CountDownLatch(1);

        acceptor(queue).afterAccepting(listener, false, asked::countDown);

        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(accepted.poll(100, TimeUnit.MILLISECONDS)).isNull();
        CountDownLatch cameBack = new CountDownLatch(1);
        fixture.context().loopGuard().connecting((InetSocketAddress) own.getLocalSocketAddress(), cameBack::countDown);
        queue.connectEnded();
        assertThat(cameBack.await(10, TimeUnit.SECONDS)).isTrue();
        nextAccepted();
        assertThat(accepted).isEmpty();
    }

    @Test
    void aListenerThatRestsAcceptsAConnectThatMayHaveComeBack() throws Exception {
        ConnectQueue queue = queue(1);
        Channel listener = listenerAtRest(queue);
        connect(listener);
        connect(listener);

        acceptor(queue).afterAccepting(listener, true, () -> {});

        nextAccepted();
        nextAccepted();
    }

    @Test
    void aConnectThatEndsBringsNoSocketBack() throws Exception {
        ConnectQueue queue = queue(1);
        Channel listener = listener(queue);
        assertThat(queue.beginConnect()).isTrue();
        queue.noSocketLeft("Too many open files");
        connect(listener);
        nextAccepted();
        Await.until(() -> !listener.config().isAutoRead());

        listener.eventLoop().submit(() -> {}).sync();

        queue.connectEnded();

        assertThat(listener.config().isAutoRead()).isFalse();
    }

    private ConnectQueue queue(int maxConnecting) {
        return new ConnectQueue(fixture.limit(new LimitSettings(100, maxConnecting, 100, 0)));
    }

    private Channel listener(ConnectQueue queue) throws Exception {
        Forward forward = Forwards.tcp().listen("127.0.0.1", 0).toWsl(80).named("x");
        PortMapping mapping = PortMapping.of(forward).get(0);
        ListenerConfig config = new ListenerConfig(forward, mapping, TargetSource.fixed(ip("127.0.0.1")));
        EventLoop loop = fixture.context().loops().group().next();
        Channel listener = acceptor(queue)
                .bind(loop, new InetSocketAddress(ip("127.0.0.1"), 0), () -> config)
                .sync()
                .channel();
        fixture.use(() -> listener.close().syncUninterruptibly());
        return listener;
    }

    /** Has accepted one client, whose target takes the only place of {@code queue}. */
    private Channel listenerAtRest(ConnectQueue queue) throws Exception {
        Channel listener = listener(queue);
        assertThat(queue.beginConnect()).isTrue();
        connect(listener);
        nextAccepted();
        Await.until(() -> !listener.config().isAutoRead());
        return listener;
    }

    private TcpAcceptor acceptor(ConnectQueue queue) {
        EventLoops loops = fixture.context().loops();
        return new TcpAcceptor(
                loops, fixture.context().loopGuard(), queue, (client, unused) -> accepted.add(client), problems::add);
    }

    private static void fail(Channel listener, String why, int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            listener.pipeline().fireExceptionCaught(new IOException(why));
        }
        listener.eventLoop().submit(() -> {}).sync();
    }

    private Socket connect(Channel listener) throws IOException {
        InetSocketAddress where = (InetSocketAddress) listener.localAddress();
        return fixture.use(new Socket(where.getAddress(), where.getPort()));
    }

    private TcpSocket nextAccepted() throws InterruptedException {
        TcpSocket socket = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(socket).as("an accepted client").isNotNull();
        SocketAndPeer.closeAfterwards(fixture, socket);
        return socket;
    }

    private static int read(TcpSocket socket) throws Exception {
        return socket.eventLoop()
                .submit(() -> socket.read(Unpooled.buffer(1), 1))
                .get(10, TimeUnit.SECONDS);
    }
}
