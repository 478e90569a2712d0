package io.github.wslproxy.app;

import static io.github.wslproxy.testing.Loopback.awaitFree;
import static io.github.wslproxy.testing.Loopback.awaitFreeForUdp;
import static io.github.wslproxy.testing.Loopback.freePortOfBoth;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.Snapshot.ForwardState;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.TcpPeer;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Starts that cannot go as they should, and stops at any moment. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = WslProxyFixture.NEEDS_LINUX)
class WslProxyLifecycleTest extends WslProxyFixture {
    @Test
    void whereNoForwardCanListenTheStartFailsAndNothingIsLeftRunning() throws Exception {
        ServerSocket taken = use(new ServerSocket(0, 1, LOOPBACK));
        forward("taken", "tcp", "127.0.0.1:" + taken.getLocalPort(), 8000);
        vmPrints(FIRST);

        assertThatThrownBy(this::start)
                .isInstanceOf(StartException.class)
                .hasMessageContaining("127.0.0.1:" + taken.getLocalPort());

        Await.until(() -> ownThreads().isEmpty());
    }

    @Test
    void oneForwardThatCannotListenHindersNoOther() throws Exception {
        TcpPeer web = vm(FIRST, "first");
        vmPrints(FIRST);
        ServerSocket taken = use(new ServerSocket(0, 1, LOOPBACK));
        forward("taken", "tcp", "127.0.0.1:" + taken.getLocalPort(), web.port());
        int port = forward("web", "tcp", web.port());

        start();

        assertThat(view("taken").state()).isEqualTo(ForwardState.FAILED);
        assertThat(view("taken").error()).contains("127.0.0.1:" + taken.getLocalPort());
        assertThat(greeting(port)).isEqualTo("first");

        taken.close();
        Await.until(() -> view("taken").state() == ForwardState.LISTENING);
        assertThat(greeting(taken.getLocalPort())).isEqualTo("first");
    }

    @Test
    void whatListensForWslWaitsForItAndThatIsNoFailedStart() throws Exception {
        vmPrints("");
        int port = freePortOfBoth();
        forwards.append(table("back", "tcp+udp", "wsl:" + port, "127.0.0.1:" + port));

        start();

        assertThat(view("back").state()).isEqualTo(ForwardState.WAITING);
        assertThat(view("back").listen()).containsExactly("wsl:" + port);
        assertThat(view("back").error()).isEqualTo("wsl:" + port + ": the adapter of WSL is not known until WSL runs");
        vmPrints(FIRST);
        Await.until(() -> view("back")
                .error()
                .endsWith("no adapter of this computer is in the network of WSL, which is" + " at " + FIRST));
    }

    @Test
    void aFirstProbeThatHangsHoldsUpTheStartForSecondsOnly() throws Exception {
        int port = forward("web", "tcp", 8000);
        command = "['sleep', '60']";
        long before = System.nanoTime();

        start();

        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(8));
        assertThat(proxy().snapshot().target().state()).isEqualTo("unknown");
        assertThat(greeting(port)).isEqualTo("refused");
    }

    @Test
    void anInterruptWhileTheFirstProbeHangsEndsTheStartAndThenItStops() throws Exception {
        forward("web", "tcp", 8000);
        command = "['sleep', '60']";
        made = new WslProxy(ConfigFile.read(config()));
        CompletableFuture<Thread> starter = new CompletableFuture<>();
        CompletableFuture<Void> started = inBackground(() -> {
            starter.complete(Thread.currentThread());
            proxy().start();
        });
        Await.until(() -> probeIsRunning());

        starter.get(10, TimeUnit.SECONDS).interrupt();

        assertThatThrownBy(() -> started.get(2, TimeUnit.SECONDS)).hasCauseInstanceOf(InterruptedException.class);
        long before = System.nanoTime();
        proxy().stop(Duration.ofSeconds(5));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
        Await.until(() -> !probeIsRunning());
    }

    @Test
    void aStopFromAnotherThreadWhileTheFirstProbeHangsEndsTheStartAndLeavesNothing() throws Exception {
        int port = forward("web", "tcp", 8000);
        command = "['sleep', '60']";
        made = new WslProxy(ConfigFile.read(config()));
        CompletableFuture<Void> started = inBackground(proxy()::start);
        Await.until(() -> probeIsRunning());

        proxy().stop(Duration.ZERO);

        assertThatThrownBy(() -> started.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(StartException.class);
        Await.until(() -> !probeIsRunning());
        awaitFree(LOOPBACK, port);
    }

    @Test
    void whenItHasStoppedThePortsAreFree() throws Exception {
        int port = forward("both", "tcp+udp", 8000);
        status = "127.0.0.1:" + freePortOfBoth();
        start();

        proxy().stop(Duration.ZERO);

        awaitFree(LOOPBACK, port);
        awaitFreeForUdp(LOOPBACK, port);
        awaitFree(LOOPBACK, statusPort());
    }

    @Test
    void stoppingAgainDoesNothing() throws Exception {
        forward("web", "tcp", 8000);
        start();

        proxy().stop(Duration.ZERO);
        proxy().stop(Duration.ofSeconds(30));

        assertThat(view("web").state()).isEqualTo(ForwardState.WAITING);
    }

    @Test
    void stoppingWithoutAStartEndsWhatWasMade() throws Exception {
        forward("web", "tcp", 8000);
        made = new WslProxy(ConfigFile.read(config()));

        proxy().stop(Duration.ZERO);
    }

    @Test
    void aLinkThatIsOpenGetsItsGrace() throws Exception {
        TcpPeer web = use(TcpPeer.at(FIRST, TcpPeer::echo));
        int port = forward("web", "tcp", web.port());
        vmPrints(FIRST);
        start();
        try (Socket client = connect(port)) {
            client.getOutputStream().write('a');
            assertThat(client.getInputStream().read()).isEqualTo('a');

            CompletableFuture<Void> stopped = inBackground(() -> proxy().stop(Duration.ofSeconds(30)));
            Await.until(() -> proxy().snapshot().forwards().get(0).state() != Snapshot.ForwardState.LISTENING);
            assertThat(greeting(port)).isEqualTo("refused");
            client.getOutputStream().write('b');
            assertThat(client.getInputStream().read()).isEqualTo('b');
            assertThat(stopped).isNotDone();

            client.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            stopped.get(10, TimeUnit.SECONDS);
        }
    }

    private static boolean probeIsRunning() {
        return ProcessHandle.current()
                .children()
                .anyMatch(child -> child.info().command().orElse("").endsWith("sleep"));
    }

    private interface Task {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> inBackground(Task task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                        done.complete(null);
                    } catch (Exception e) {
                        done.completeExceptionally(e);
                    }
                },
                "test");
        thread.setDaemon(true);
        thread.start();
        return done;
    }
}
