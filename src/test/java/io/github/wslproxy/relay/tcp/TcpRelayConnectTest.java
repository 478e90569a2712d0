package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.Forwards.ip;
import static io.github.wslproxy.testing.TcpClients.connect;
import static io.github.wslproxy.testing.TcpClients.reset;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.ManyPeers;
import io.github.wslproxy.testing.RecordedEvents;
import io.github.wslproxy.testing.RelayFixture;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** Clients between the accept and the moment their target is connected. */
@Tag("slow")
class TcpRelayConnectTest {
    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    @Test
    void whatAClientSaysBeforeItsTargetIsConnectedArrivesAndItsEndToo() throws Exception {
        SlowServer server = fixture.use(new SlowServer());
        TcpRelay relay = start(server, Duration.ofSeconds(20));
        server.acceptNobody();
        try (Socket early = connect(relay)) {
            early.getOutputStream().write("early".getBytes(UTF_8));
            early.shutdownOutput();
            Await.until(() -> relay.counters().open() == 1);
            assertThat(relay.counters().accepted()).isZero();

            server.acceptQueued();
            try (Socket accepted = server.accept()) {
                assertThat(accepted.getInputStream().readAllBytes())
                        .asString(UTF_8)
                        .isEqualTo("early");
                accepted.getOutputStream().write("late".getBytes(UTF_8));
            }
            assertThat(early.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("late");
        }
    }

    @Test
    void aClientThatWasResetDuringTheConnectLeavesNoTargetWaiting() throws Exception {
        SlowServer server = fixture.use(new SlowServer());
        TcpRelay relay = start(server, Duration.ofSeconds(20));
        server.acceptNobody();
        Socket client = connect(relay);
        client.getOutputStream().write(1);
        Await.until(() -> relay.counters().open() == 1);
        reset(client);

        server.acceptQueued();
        try (Socket accepted = server.accept()) {
            assertThat(isEnded(accepted)).isTrue();
        }
        Await.until(() -> relay.counters().open() == 0);
    }

    @Test
    void aBurstOfClientsOfASlowTargetIsBoundedAndNobodyElseIsHeldUp() throws Exception {
        int cap = 200;
        SlowServer server = fixture.use(new SlowServer());
        TcpRelay relay = fixture.tcp(
                to(server).connectTimeout(Duration.ofSeconds(2)).limits(cap, cap),
                TargetSource.fixed(server.address()));
        Socket established = fixture.use(connect(relay));
        Socket atServer = fixture.use(server.accept());
        server.acceptNobody();

        List<Socket> burst = new ArrayList<>();
        long slowest = 0;
        for (int i = 0; i < 5000; i++) {
            burst.add(fixture.use(connect(relay)));
            if (i % 100 == 0) {
                slowest = Math.max(slowest, pingPong(established, atServer));
                assertThat(relay.counters().open()).isLessThanOrEqualTo(cap);
            }
        }

        assertThat(Duration.ofNanos(slowest)).isLessThan(Duration.ofSeconds(1));
        Await.until(() -> relay.counters().refused() == burst.size());
        assertThat(relay.counters().open()).as("the established one").isOne();
        pingPong(established, atServer);
        for (Socket socket : burst) {
            assertThat(isEnded(socket)).isTrue();
        }
    }

    @Test
    @Tag("slow")
    void twentyThousandClientsThatLeaveAtOnceLeaveNoTargetNoLinkAndFewLines() throws Exception {
        ManyPeers server = fixture.use(new ManyPeers());
        TcpRelay relay = fixture.tcp(
                Forwards.tcp().listen("127.0.0.1", 0).toWsl(server.port()), TargetSource.fixed(ip("127.0.0.1")));
        Logger log = (Logger) LoggerFactory.getLogger(TcpRelay.class);
        ListAppender<ILoggingEvent> lines = new RecordedEvents();
        lines.start();
        log.setLevel(Level.INFO);
        log.addAppender(lines);
        log.setAdditive(false);
        long began = System.nanoTime();
        try {
            List<CompletableFuture<Void>> scanners = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                scanners.add(CompletableFuture.runAsync(() -> scan(relay, 5000)));
            }
            for (CompletableFuture<Void> scanner : scanners) {
                scanner.get(45, TimeUnit.SECONDS);
            }
            Await.until(() -> relay.counters().open() == 0 && server.open() == 0);
        } finally {
            log.detachAppender(lines);
            log.setAdditive(true);
            log.setLevel(null);
        }
        long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds() + 2;
        assertThat(relay.counters().accepted() + relay.counters().refused()).isLessThanOrEqualTo(20_000);
        assertThat(relay.counters().accepted()).isGreaterThan(5000);
        assertThat((long) lines.list.size()).isLessThan(40 * seconds);
    }

    /** Most of them reset, as a scanner does: each that closes takes a port away for a minute (TIME_WAIT). */
    private static void scan(TcpRelay relay, int times) {
        try {
            for (int i = 0; i < times; i++) {
                try (Socket client = connect(relay)) {
                    if (i % 8 != 0) {
                        client.setOption(StandardSocketOptions.SO_LINGER, 0);
                    }
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The way from the client to the server and back, in nanoseconds. */
    private static long pingPong(Socket client, Socket server) throws IOException {
        long before = System.nanoTime();
        client.getOutputStream().write('x');
        assertThat(server.getInputStream().read()).isEqualTo('x');
        server.getOutputStream().write('y');
        assertThat(client.getInputStream().read()).isEqualTo('y');
        return System.nanoTime() - before;
    }

    private static boolean isEnded(Socket socket) throws IOException {
        socket.setSoTimeout(15_000);
        try {
            return socket.getInputStream().readAllBytes().length <= 1;
        } catch (SocketException reset) {
            return true;
        }
    }

    private TcpRelay start(SlowServer server, Duration connectTimeout) throws Exception {
        return fixture.tcp(to(server).connectTimeout(connectTimeout), TargetSource.fixed(server.address()));
    }

    private static Forwards to(SlowServer server) {
        return Forwards.tcp().listen("127.0.0.1", 0).toWsl(server.port());
    }

    /** A listener whose accept queue can be filled, so that each further SYN is dropped until somebody is accepted. */
    private static final class SlowServer implements Closeable {
        private final ServerSocket socket = new ServerSocket(0, 1, ip("127.0.0.1"));
        private final List<Socket> fill = new ArrayList<>();

        SlowServer() throws IOException {
            socket.setSoTimeout(20_000);
        }

        void acceptNobody() throws IOException {
            while (fill.size() < 64) {
                Socket one = new Socket();
                fill.add(one);
                try {
                    one.connect(socket.getLocalSocketAddress(), 200);
                } catch (IOException full) {
                    one.close();
                    fill.remove(one);
                    return;
                }
            }
            throw new AssertionError("the backlog never filled");
        }

        /** Those that filled the queue; the next one accepted is a client. */
        void acceptQueued() throws IOException {
            for (Socket one : fill) {
                socket.accept().close();
                one.close();
            }
            fill.clear();
        }

        Socket accept() throws IOException {
            Socket accepted = socket.accept();
            accepted.setSoTimeout(20_000);
            return accepted;
        }

        InetAddress address() {
            return socket.getInetAddress();
        }

        int port() {
            return socket.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            for (Socket one : fill) {
                one.close();
            }
            socket.close();
        }
    }
}
