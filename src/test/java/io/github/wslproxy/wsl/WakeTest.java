package io.github.wslproxy.wsl;

import static io.github.wslproxy.testing.Await.until;
import static io.github.wslproxy.testing.Forwards.block;
import static io.github.wslproxy.testing.Loopback.freePort;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.CommandRunner;
import io.github.wslproxy.relay.tcp.TcpRelay;
import io.github.wslproxy.relay.udp.UdpRelay;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.target.WslSettings;
import io.github.wslproxy.target.WslSettings.OnStopped;
import io.github.wslproxy.testing.FakeRunner;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.TcpPeer;
import io.github.wslproxy.testing.UdpPeer;
import io.github.wslproxy.wsl.VmMonitor.Interest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Clients over real sockets, the built-in probe and a wsl.exe that records every call: who starts the VM, and who
 * never.
 */
@Tag("slow")
class WakeTest {
    private static final String LIST = "wsl.exe -l --running -q";
    private static final String WAKE = "wsl.exe -e sh -c sleep 60";
    private static final String LOCAL = "127.0.0.1";
    private static final Duration LONG = Duration.ofSeconds(30);

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    private final FakeWsl wsl = new FakeWsl();
    private final WslExe wslExe = new WslExe(() -> "wsl.exe", wsl);
    private final WslProbe asking = new WindowsProbe(
            Optional.empty(),
            LONG,
            Optional::empty,
            () -> true,
            Optional.empty(),
            wslExe,
            Samples.NOTHING_REMEMBERED,
            () -> Samples.NAT,
            System::nanoTime);

    private final VmMonitor monitor = new VmMonitor(
            settings(OnStopped.REFUSE, LONG),
            Interest.NONE,
            (settings, inUse, withSockets) -> depth -> atLoopback(asking.probe(depth)),
            settings -> Optional.of(new VmStarter(Optional.empty(), wslExe, System::nanoTime)),
            sockets -> {},
            System::nanoTime);
    private final CurrentTarget target = monitor.target();

    /** A wsl.exe with one distribution, which a call that looks inside or stays there starts, as the real one does. */
    private static final class FakeWsl implements CommandRunner {
        final List<String> calls = new CopyOnWriteArrayList<>();
        final CountDownLatch mayBoot = new CountDownLatch(1);
        final AtomicBoolean running = new AtomicBoolean();
        volatile boolean refusesToStart;
        volatile boolean answers = true;

        @Override
        public CommandResult run(List<String> command, Duration timeout) {
            String call = String.join(" ", command);
            calls.add(call);
            if (!answers) {
                return FakeRunner.ended(-1, "Error code: Wsl/E_UNEXPECTED");
            }
            if (call.equals(LIST)) {
                return FakeRunner.ended(0, running.get() ? "Ubuntu\n" : "");
            }
            return call.endsWith(GuestScript.TEXT) ? look() : stay();
        }

        private CommandResult look() {
            running.set(true);
            return FakeRunner.ended(0, "nat\n--addresses--\n172.30.98.229 \n");
        }

        private CommandResult stay() {
            if (refusesToStart) {
                return FakeRunner.ended(-1, "Error code: Wsl/Service/CreateInstance/CreateVm/E_FAIL");
            }
            try {
                mayBoot.await();
                running.set(true);
                Thread.sleep(Duration.ofMinutes(1).toMillis());
                return FakeRunner.ended(0, "");
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                return new CommandResult.Interrupted(Duration.ZERO);
            }
        }

        long wakes() {
            return calls.stream().filter(WAKE::equals).count();
        }

        /** Whatever starts the VM if it is not running. */
        long starting() {
            return calls.stream().filter(call -> !call.equals(LIST)).count();
        }
    }

    @AfterEach
    void close() {
        monitor.close();
    }

    @Test
    void theFirstOfManyClientsStartsTheVmByOneCallAndAllAreServed() throws Exception {
        TcpPeer echo = fixture.use(TcpPeer.playing(TcpPeer::echo));
        UdpPeer udpEcho = fixture.use(UdpPeer.echo(UdpPeer.anyPort(echo.address()), ""));
        TcpRelay tcp = tcp(echo.port());
        UdpRelay udp = udp(udpEcho.address().getPort());
        begin(LONG);
        until(this::sawVmStopped);
        assertThat(wsl.starting()).isZero();

        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clients.add(fixture.use(connect(tcp)));
        }
        UdpPeer asking = fixture.use(UdpPeer.client(RelayFixture.bound(udp).get(0)));
        asking.send("question");
        until(() -> wsl.wakes() == 1);
        wsl.mayBoot.countDown();

        for (Socket client : clients) {
            client.getOutputStream().write('x');
            assertThat(client.getInputStream().read()).isEqualTo('x');
        }
        assertThat(asking.receive().text()).isEqualTo("question");
        assertThat(wsl.calls.subList(0, wsl.calls.indexOf(WAKE))).containsOnly(LIST);
        assertThat(wsl.wakes()).isOne();
    }

    @Test
    void aFloodOfDatagramsThatCannotStartItCallsOnce() throws Exception {
        wsl.refusesToStart = true;
        UdpRelay udp = udp(9);
        begin(Duration.ofMillis(200));
        until(this::sawVmStopped);

        for (int i = 0; i < 500; i++) {
            fixture.use(UdpPeer.client(RelayFixture.bound(udp).get(0))).send("knock");
        }
        until(() -> udp.counters().accepted() >= 100);
        until(() -> udp.counters().open() == 0);

        assertThat(wsl.wakes()).isOne();
        assertThat(wsl.starting()).isOne();
    }

    @Test
    void aVmThatItsUserStopsRightAfterItsStartIsNotStartedInALoop() throws Exception {
        TcpPeer echo = fixture.use(TcpPeer.playing(TcpPeer::echo));
        TcpRelay tcp = tcp(echo.port());
        wsl.mayBoot.countDown();
        begin(Duration.ofSeconds(2));
        until(this::sawVmStopped);
        try (Socket client = connect(tcp)) {
            client.getOutputStream().write('x');
            assertThat(client.getInputStream().read()).isEqualTo('x');
        }
        wsl.running.set(false);
        until(this::sawVmStopped);

        for (int i = 0; i < 3; i++) {
            assertReset(tcp);
        }
        assertThat(wsl.wakes()).isOne();
    }

    @Test
    void nothingElseEverStartsIt() throws Exception {
        TcpRelay tcp = tcp(9);
        TcpRelay forOthers = fixture.start(new TcpRelay(
                Forwards.tcp()
                        .listen(LOCAL, 0)
                        .toWsl(9)
                        .access(List.of(block("192.0.2.0", 24)), List.of())
                        .named("others"),
                target,
                fixture.context()));
        UdpRelay udpForOthers = fixture.start(new UdpRelay(
                Forwards.udp()
                        .listen(LOCAL, 0)
                        .toWsl(9)
                        .access(List.of(block("192.0.2.0", 24)), List.of())
                        .named("others"),
                target,
                fixture.context()));
        begin(LONG);
        until(this::sawVmStopped);

        for (int i = 0; i < 20; i++) {
            assertReset(forOthers);
            fixture.use(UdpPeer.client(RelayFixture.bound(udpForOthers).get(0))).send("knock");
            target.connectFailed();
            monitor.probeSoon();
        }
        monitor.change(settings(OnStopped.REFUSE, LONG), Interest.ADDRESS);
        assertReset(tcp);
        monitor.change(settings(OnStopped.HOLD, LONG), Interest.ADDRESS);
        Socket held = fixture.use(connect(tcp));
        until(() -> wsl.calls.size() > 200);

        assertThat(held.isConnected()).isTrue();
        assertThat(wsl.starting()).isZero();
    }

    @Test
    void aWslThatDoesNotAnswerIsNotStarted() throws Exception {
        wsl.answers = false;
        TcpRelay tcp = tcp(9);
        begin(Duration.ofSeconds(2));
        until(() -> wsl.calls.size() > 1); // The first probe is over.
        assertReset(tcp);

        assertThat(wsl.starting()).isZero();
    }

    @Test
    void aServerThatDoesNotListenInAVmThatRunsStartsNothing() throws Exception {
        wsl.running.set(true);
        TcpRelay tcp = tcp(freePort());
        begin(LONG);
        until(() -> target.current().address().isPresent());
        for (int i = 0; i < 20; i++) {
            assertReset(tcp);
        }

        assertThat(wsl.wakes()).isZero();
    }

    private void begin(Duration hold) {
        monitor.start();
        monitor.change(settings(OnStopped.WAKE, hold), Interest.ADDRESS);
    }

    /** Looks at an interval so short that every habit of the probe shows. */
    private static WslSettings settings(OnStopped onStopped, Duration hold) {
        return new WslSettings(
                Optional.empty(), Optional.empty(), List.of(), Duration.ofMillis(10), LONG, onStopped, hold, false);
    }

    private boolean sawVmStopped() {
        return target.current() instanceof TargetState.Down;
    }

    /** What is found stands for a server of this test. */
    private static ProbeReport atLoopback(ProbeReport report) {
        return report.state() instanceof TargetState.Up
                ? ProbeReport.learned(new TargetState.Up(Samples.address(LOCAL), "played"))
                : report;
    }

    private TcpRelay tcp(int port) throws Exception {
        return fixture.start(
                new TcpRelay(Forwards.tcp().listen(LOCAL, 0).toWsl(port).named("tcp"), target, fixture.context()));
    }

    private UdpRelay udp(int port) throws Exception {
        return fixture.start(
                new UdpRelay(Forwards.udp().listen(LOCAL, 0).toWsl(port).named("udp"), target, fixture.context()));
    }

    private static Socket connect(TcpRelay relay) throws IOException {
        InetSocketAddress bound = RelayFixture.bound(relay).get(0);
        Socket socket = new Socket(bound.getAddress(), bound.getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void assertReset(TcpRelay relay) throws IOException {
        assertThatThrownBy(() -> {
                    try (Socket client = connect(relay)) {
                        client.getInputStream().read();
                    }
                })
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }
}
