package io.github.wslproxy.app;

import static io.github.wslproxy.testing.Loopback.awaitFree;
import static io.github.wslproxy.testing.Loopback.freePortOfBoth;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.status.Snapshot.ForwardState;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.LoopbackVm;
import io.github.wslproxy.testing.TcpPeer;
import io.github.wslproxy.testing.UdpPeer;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an edit that is taken does to connections, listeners and the way to the VM. */
@ExtendWith(LoopbackVm.class)
@Tag("slow")
class ConfigWatcherReloadTest extends ConfigWatcherFixture {
    private static final int CLIENTS = 64;
    private static final int RELOADS = 100;

    @Test
    void aForwardThatIsRemovedStopsAcceptingAndItsLinkLivesOn() throws Exception {
        TcpPeer echo = echo();
        int kept = freePortOfBoth();
        int gone = freePortOfBoth();
        write(forward("kept", "tcp", kept, echo.port()), forward("gone", "tcp", gone, echo.port()));
        start();
        try (Socket client = connect(gone)) {
            client.getOutputStream().write(1);
            assertThat(client.getInputStream().read()).isOne();

            write(forward("kept", "tcp", kept, echo.port()));
            Await.until(() -> proxy().snapshot().forwards().size() == 1);

            awaitFree(LOOPBACK, gone);
            client.getOutputStream().write(2);
            assertThat(client.getInputStream().read()).isEqualTo(2);
            assertThat(proxy().open()).isOne();
        }
        Await.until(() -> proxy().open() == 0);
    }

    @Test
    void anAddressMayPassFromOneForwardToAnother() throws Exception {
        TcpPeer echo = echo();
        int port = freePortOfBoth();
        int other = freePortOfBoth();
        write(forward("a", "tcp", port, echo.port()), forward("b", "tcp", other, 9));
        start();

        write(forward("b", "tcp", port, echo.port()), forward("c", "udp", other, 9));

        Await.until(() -> proxy().snapshot().forwards().stream()
                .map(ForwardView::name)
                .toList()
                .equals(List.of("b", "c")));
        Await.until(
                () -> view("b").state() == ForwardState.LISTENING && view("c").state() == ForwardState.LISTENING);
        assertThat(answers(port)).isTrue();
    }

    @Test
    void anotherWayToFindTheVmIsUsedFromThenOn() throws Exception {
        TcpPeer first =
                TcpPeer.at("127.0.0.2", socket -> socket.getOutputStream().write("first".getBytes(UTF_8)));
        use(first);
        use(TcpPeer.atPort(
                "127.0.0.3", first.port(), socket -> socket.getOutputStream().write("second".getBytes(UTF_8))));
        int port = freePortOfBoth();
        String forward =
                forward("web", "tcp", port, first.port()).replace("127.0.0.1:" + first.port(), "wsl:" + first.port());
        writeWhole("[wsl]\naddress = '127.0.0.2'\n" + forward);
        start();
        assertThat(greeting(port)).isEqualTo("first");

        writeWhole("[wsl]\ncommand = ['echo', '127.0.0.3']\n" + forward);

        Await.until(() -> greeting(port).equals("second"));
        assertThat(view("web").accepted()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void aHundredReloadsDisturbNoStreamAndNoSession() throws Exception {
        TcpPeer echo = echo();
        UdpPeer udpEcho = use(UdpPeer.echo(UdpPeer.anyPort(LOOPBACK), ""));
        int tcp = freePortOfBoth();
        int udp = freePortOfBoth();
        int changing = freePortOfBoth();
        String steady = forward("tcp", "tcp", tcp, echo.port())
                + forward("udp", "udp", udp, udpEcho.address().getPort());
        write(steady, forward("changing", "tcp", changing, echo.port()));
        start();
        Objects.requireNonNull(reload).close(); // Here the test itself says when.
        AtomicBoolean done = new AtomicBoolean();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(client(() -> streamUntil(done, tcp), failures));
            clients.add(client(() -> datagramsUntil(done, udp), failures));
        }
        try {
            for (int i = 0; i < RELOADS; i++) {
                String renamed = i % 2 == 0 ? "udp-renamed" : "udp";
                write(
                        steady.replace("'udp'\nprotocol", "'" + renamed + "'\nprotocol"),
                        i % 3 == 0 ? "" : forward("changing", "tcp", changing, echo.port() + i % 2));
                proxy().forwards().change(ConfigFile.read(folder.resolve("proxy.toml")));
            }
        } finally {
            done.set(true);
        }
        for (Thread client : clients) {
            client.join(20_000);
        }
        assertThat(failures).isEmpty();
        assertThat(proxy().snapshot().forwards().get(0).accepted()).isEqualTo(CLIENTS);
        assertThat(proxy().snapshot().forwards().get(1).accepted()).isEqualTo(CLIENTS);
    }

    private static void streamUntil(AtomicBoolean done, int port) throws Exception {
        byte[] block = new byte[4096];
        try (Socket socket = connect(port)) {
            while (!done.get()) {
                socket.getOutputStream().write(block);
                assertThat(socket.getInputStream().readNBytes(block.length)).hasSize(block.length);
            }
        }
    }

    private static void datagramsUntil(AtomicBoolean done, int port) throws Exception {
        try (UdpPeer client = UdpPeer.client(new InetSocketAddress(LOOPBACK, port))) {
            for (int i = 0; !done.get(); i++) {
                assertThat(client.ask("datagram " + i)).isEqualTo("datagram " + i);
            }
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static Thread client(Work work, Queue<Throwable> failures) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (Throwable failure) {
                        failures.add(failure);
                    }
                },
                "test-client");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
