package io.github.wslproxy.app;

import static io.github.wslproxy.testing.Loopback.awaitFree;
import static io.github.wslproxy.testing.Loopback.awaitFreeForUdp;
import static io.github.wslproxy.testing.Loopback.freePortOfBoth;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.Map;
import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.status.StatusAnswer.ActionResult;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.Snapshot.ForwardState;
import io.github.wslproxy.status.StatusClient;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.RecordedEvents;
import io.github.wslproxy.testing.TcpPeer;
import io.github.wslproxy.testing.UdpPeer;
import io.github.wslproxy.testing.LoopbackVm;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Everything that runs, over real sockets and a real command, from a real file. */
@ExtendWith(LoopbackVm.class)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs cat and sleep, and loopback addresses for a pretend VM")
@Tag("slow")
class WslProxyTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final String FIRST = "127.0.0.2";
    private static final String SECOND = "127.0.0.3";

    @TempDir
    Path folder;

    /** A reader of a pipe that nobody writes to, as other tests have it, cannot be ended. */
    private final Set<Thread> threadsBefore = Thread.getAllStackTraces().keySet();

    private final Deque<Closeable> peers = new ArrayDeque<>();
    private final StringBuilder forwards = new StringBuilder();
    private String command = "";
    private String timeout = "30s";
    private String status = "off";
    private String onStopped = "refuse";
    private String limits = "";
    private @Nullable WslProxy made;

    @BeforeEach
    void theVmIsStopped() throws Exception {
        vmPrints("");
        command = "['cat', '" + addressFile() + "']";
    }

    @AfterEach
    void nothingIsLeftRunning() throws Exception {
        if (made != null) {
            made.stop(Duration.ZERO);
        }
        for (Closeable peer : peers) {
            peer.close();
        }
        Await.until(() -> ownThreads().isEmpty());
    }

    @Test
    void tcpAndUdpAreForwardedToWhereTheCommandSays() throws Exception {
        TcpPeer web = vm(FIRST, "first");
        use(UdpPeer.echo(new InetSocketAddress(FIRST, web.port()), "first "));
        int port = forward("both", "tcp+udp", web.port());
        vmPrints(FIRST);

        start();

        assertThat(greeting(port)).isEqualTo("first");
        assertThat(udp(port).askUntilAnswered("ping")).isEqualTo("first ping");
        assertThat(proxy().snapshot().target().state()).isEqualTo("up");
        ForwardView view = view("both");
        assertThat(view.state()).isEqualTo(ForwardState.LISTENING);
        assertThat(view.resolved()).isEqualTo(FIRST + ":" + web.port());
        assertThat(view.accepted()).isEqualTo(2);
    }

    @Test
    void newLinksAndOldSessionsFollowTheVm() throws Exception {
        TcpPeer first = vm(FIRST, "first");
        use(TcpPeer.atPort(SECOND, first.port(), socket -> say(socket, "second")));
        use(UdpPeer.echo(new InetSocketAddress(FIRST, first.port()), "first "));
        use(UdpPeer.echo(new InetSocketAddress(SECOND, first.port()), "second "));
        int port = forward("both", "tcp+udp", first.port());
        vmPrints(FIRST);
        start();
        UdpPeer game = udp(port);
        assertThat(greeting(port)).isEqualTo("first");
        assertThat(game.askUntilAnswered("ping")).isEqualTo("first ping");

        vmPrints(SECOND);

        Await.until(() -> "second".equals(greeting(port)));
        Await.until(() -> "second ping".equals(game.askUntilAnswered("ping")));
    }

    @Test
    void whileTheVmIsDownClientsAreRefusedAndAfterwardsTheyAreNot() throws Exception {
        TcpPeer web = vm(FIRST, "first");
        int port = forward("web", "tcp", web.port());
        start();
        assertThat(proxy().snapshot().target().state()).isEqualTo("down");
        assertThat(greeting(port)).isEqualTo("refused");
        assertThat(view("web").state()).isEqualTo(ForwardState.LISTENING);
        assertThat(view("web").refused()).isEqualTo(1);
        assertThat(view("web").lastProblem()).isNotEmpty();

        vmPrints(FIRST);
        Await.until(() -> "first".equals(greeting(port)));

        vmPrints(" \n\n");
        Await.until(() -> "refused".equals(greeting(port)));
        assertThat(proxy().snapshot().target().state()).isEqualTo("down");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hold", "wake"})
    void whereTheSettingsSaySoClientsWaitForTheVm(String setting) throws Exception {
        onStopped = setting;
        TcpPeer web = vm(FIRST, "first");
        use(UdpPeer.echo(new InetSocketAddress(FIRST, web.port()), "first "));
        int port = forward("both", "tcp+udp", web.port());
        start();
        CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> greetingOrFailure(port));
        UdpPeer game = udp(port);
        game.send("ping");
        Await.until(() -> view("both").open() == 2);

        vmPrints(FIRST);

        assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("first");
        assertThat(game.receive().text()).isEqualTo("first ping");
        assertThat(view("both").refused()).isZero();
    }

    @Test
    void anEditedOnStoppedHoldsForTheNextClient() throws Exception {
        TcpPeer web = vm(FIRST, "first");
        int port = forward("web", "tcp", web.port());
        start();
        assertThat(greeting(port)).isEqualTo("refused");

        onStopped = "hold";
        assertThat(proxy().forwards().change(ConfigFile.read(config()))).isEqualTo("[wsl] changed");
        CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> greetingOrFailure(port));
        Await.until(() -> view("web").open() == 1);
        onStopped = "refuse";
        proxy().forwards().change(ConfigFile.read(config()));
        assertThat(greeting(port)).isEqualTo("refused");
        vmPrints(FIRST);

        assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("first");
    }

    @Test
    void editedLimitsHoldForNewLinksOfEveryForwardAndAreShown() throws Exception {
        TcpPeer echo = use(TcpPeer.at(FIRST, TcpPeer::echo));
        int web = forward("web", "tcp", echo.port());
        int ssh = forward("ssh", "tcp", echo.port());
        vmPrints(FIRST);
        limits = "max_connections = 2";
        start();
        Socket one = use(connect(web));
        Socket other = use(connect(ssh));
        assertThat(echoes(one)).isTrue();
        assertThat(echoes(other)).isTrue();
        assertThat(greeting(web)).isEqualTo("refused");
        assertThat(proxy().snapshot().limits()).contains(Map.entry("connections", new Snapshot.LimitView(2, 2, 1)));

        limits = "max_connections = 1\nmax_connecting = 5\nmax_sessions = 6\nmax_connection_rate_per_client = 0";
        assertThat(proxy().forwards().change(ConfigFile.read(config()))).isEqualTo("[limits] changed");
        assertThat(greeting(ssh)).isEqualTo("refused");
        assertThat(echoes(one)).isTrue();
        assertThat(echoes(other)).isTrue();
        assertThat(proxy().snapshot().limits())
                .contains(
                        Map.entry("connections", new Snapshot.LimitView(2, 1, 2)),
                        Map.entry("connecting", new Snapshot.LimitView(0, 5, 0)),
                        Map.entry("sessions", new Snapshot.LimitView(0, 6, 0)),
                        Map.entry("rate", new Snapshot.LimitView(0, 0, 0)));

        limits = "";
        assertThat(proxy().forwards().change(ConfigFile.read(config()))).isEqualTo("[limits] changed");
        assertThat(echoes(use(connect(web)))).isTrue();
        assertThat(proxy().snapshot().limits())
                .contains(
                        Map.entry("connections", new Snapshot.LimitView(3, 8192, 2)),
                        Map.entry("connecting", new Snapshot.LimitView(0, 1024, 0)),
                        Map.entry("sessions", new Snapshot.LimitView(0, 4096, 0)),
                        Map.entry("rate", new Snapshot.LimitView(0, 1000, 0)));
    }

    @Test
    void limitsThatTheMemoryDoesNotSufficeForAreSaidOnceAtTheStartAndOnceAfterAnEdit() throws Exception {
        TcpPeer web = vm(FIRST, "first");
        forward("web", "tcp", web.port());
        vmPrints(FIRST);
        Logger log = (Logger) LoggerFactory.getLogger(RunningRelays.class);
        ListAppender<ILoggingEvent> lines = new RecordedEvents();
        lines.start();
        log.addAppender(lines);
        try {
            start();
            assertThat(memoryWarnings(lines)).as("with the defaults").isEmpty();

            limits = "max_connections = 900_000";
            proxy().forwards().change(ConfigFile.read(config()));
            onStopped = "hold";
            proxy().forwards().change(ConfigFile.read(config()));
            assertThat(memoryWarnings(lines))
                    .singleElement()
                    .asString()
                    .startsWith("max_connections = 900000 in [limits] may need ")
                    .contains("Java permits 256 MiB");

            proxy().stop(Duration.ZERO);
            start();
            assertThat(memoryWarnings(lines)).hasSize(2);
        } finally {
            log.detachAppender(lines);
        }
    }

    private static List<String> memoryWarnings(ListAppender<ILoggingEvent> lines) {
        return lines.list.stream()
                .filter(line -> line.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains("direct memory"))
                .toList();
    }

    private static boolean echoes(Socket client) throws IOException {
        client.getOutputStream().write('x');
        return client.getInputStream().read() == 'x';
    }

    private static String greetingOrFailure(int port) {
        try {
            return greeting(port);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void aCommandThatFailsKeepsTheLastGoodAddress() throws Exception {
        TcpPeer web = vm(FIRST, "first");
        int port = forward("web", "tcp", web.port());
        vmPrints(FIRST);
        start();

        Files.delete(addressFile());
        Await.until(() -> proxy().snapshot().target().reason().contains("failed"));

        assertThat(proxy().snapshot().target().state()).isEqualTo("up");
        assertThat(greeting(port)).isEqualTo("first");
    }

    @Test
    void aProbeThatHangsLaterKeepsTheLastGoodAddressAndLeavesNoProcess() throws Exception {
        TcpPeer web = vm(FIRST, "first");
        int port = forward("web", "tcp", web.port());
        vmPrints(FIRST);
        Path hang = folder.resolve("hang");
        String unmistakable = Long.toString(2_000_000 + ProcessHandle.current().pid());
        command = "['sh', '-c', 'if [ -e %1$s ]; then sleep %2$s & sleep %2$s; fi; cat %3$s']"
                .formatted(hang, unmistakable, addressFile());
        timeout = "300ms";
        start();

        Files.createFile(hang);
        Await.until(() -> sleeping(unmistakable) > 0);
        for (int i = 0; i < 20; i++) {
            assertThat(greeting(port)).isEqualTo("first");
            assertThat(sleeping(unmistakable)).isLessThanOrEqualTo(2);
            Thread.sleep(50);
        }
        Files.delete(hang);

        Await.until(() -> sleeping(unmistakable) == 0);
        assertThat(greeting(port)).isEqualTo("first");
    }

    @Test
    void garbageKeepsTheLastGoodAddress() throws Exception {
        TcpPeer web = vm(FIRST, "first");
        int port = forward("web", "tcp", web.port());
        vmPrints(FIRST);
        start();

        vmPrints("There is no distribution with the supplied name.");
        Await.until(() -> proxy().snapshot().target().reason().contains("failed"));

        assertThat(greeting(port)).isEqualTo("first");
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
    void theStatusAddressAnswers() throws Exception {
        forward("web", "tcp", 8000);
        status = "127.0.0.1:" + freePortOfBoth();
        start();

        assertThat(proxy().statusUrl()).contains("http://" + status + "/");
        assertThat(get("http://" + status + "/api/status")).contains("\"name\": \"web\"");
    }

    /** Whoever takes the address that was left may have a page of it tell the token. */
    @Test
    void theTokenOfAStatusAddressIsWorthNothingAtTheNext() throws Exception {
        forward("web", "tcp", 8000);
        status = "127.0.0.1:" + freePortOfBoth();
        List<String> tokens = new CopyOnWriteArrayList<>();
        Supplier<String> kept = () -> {
            tokens.add(AdminToken.random());
            return tokens.get(tokens.size() - 1);
        };
        Path config = config();
        made = new WslProxy(ConfigFile.read(config), config, OwnCommand.OF_DEFAULT, kept);
        proxy().start();
        status = "127.0.0.1:" + freePortOfBoth();
        proxy().forwards().change(ConfigFile.read(config()));

        StatusClient next = new StatusClient(new InetSocketAddress(LOOPBACK, statusPort()));
        assertThat(tokens).hasSize(2).doesNotHaveDuplicates();
        assertThat(next.post("token", "{}", tokens.get(0)))
                .isInstanceOfSatisfying(
                        ActionResult.class, result -> assertThat(result.done()).isFalse());
        assertThat(next.post("token", "{}", tokens.get(1)))
                .isInstanceOfSatisfying(
                        ActionResult.class, result -> assertThat(result.done()).isTrue());
    }

    @Test
    void aStatusAddressThatIsTakenHindersNoForward() throws Exception {
        TcpPeer web = vm(FIRST, "first");
        int port = forward("web", "tcp", web.port());
        vmPrints(FIRST);
        ServerSocket taken = use(new ServerSocket(0, 1, LOOPBACK));
        status = "127.0.0.1:" + taken.getLocalPort();

        start();

        assertThat(proxy().statusUrl()).isEmpty();
        assertThat(greeting(port)).isEqualTo("first");
    }

    @Test
    void aTargetByNameOrAddressNeedsNoWsl() throws Exception {
        TcpPeer web = use(TcpPeer.playing(socket -> say(socket, "here")));
        int byName = freePortOfBoth();
        int byAddress = freePortOfBoth();
        forwards.append(table("name", "tcp", "127.0.0.1:" + byName, "localhost:" + web.port()));
        forwards.append(table("address", "tcp", "127.0.0.1:" + byAddress, "127.0.0.1:" + web.port()));
        command = "['false']";

        start();

        assertThat(greeting(byName)).isEqualTo("here");
        assertThat(greeting(byAddress)).isEqualTo("here");
        assertThat(proxy().snapshot().target().state()).isEqualTo("unknown");
    }

    private WslProxy proxy() {
        return Objects.requireNonNull(made, "made by start()");
    }

    private void start() throws Exception {
        made = new WslProxy(ConfigFile.read(config()));
        proxy().start();
    }

    private Path config() throws IOException {
        String text =
                "[wsl]\ncommand = " + command + "\ninterval = '100ms'\ntimeout = '" + timeout + "'\non_stopped = '"
                        + onStopped + "'\n[status]\nlisten = '" + status + "'\n[limits]\n" + limits + "\n" + forwards;
        return Files.writeString(folder.resolve("proxy.toml"), text);
    }

    /** A forward from a free port of 127.0.0.1, which is returned, to {@code target} of the VM. */
    private int forward(String name, String protocol, int target) throws IOException {
        int port = freePortOfBoth();
        forward(name, protocol, "127.0.0.1:" + port, target);
        return port;
    }

    private void forward(String name, String protocol, String listen, int target) {
        forwards.append(table(name, protocol, listen, "wsl:" + target));
    }

    private static String table(String name, String protocol, String listen, String target) {
        return "[[forward]]\nname = '%s'\nprotocol = '%s'\nlisten = '%s'\ntarget = '%s'\n"
                .formatted(name, protocol, listen, target);
    }

    private Path addressFile() {
        return folder.resolve("address");
    }

    /** In one step, so that the command never prints half an address. */
    private void vmPrints(String text) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), text);
        Files.move(next, addressFile(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private TcpPeer vm(String address, String greeting) throws IOException {
        return use(TcpPeer.at(address, socket -> say(socket, greeting)));
    }

    private static void say(Socket socket, String greeting) throws IOException {
        socket.getOutputStream().write(greeting.getBytes(UTF_8));
        socket.shutdownOutput();
        socket.getInputStream().readAllBytes();
    }

    /** What the server says first, or {@code refused}, which is how a link ends that leads nowhere. */
    private static String greeting(int port) throws IOException {
        try (Socket client = connect(port)) {
            String said = new String(client.getInputStream().readAllBytes(), UTF_8);
            return said.isEmpty() ? "refused" : said;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("neither a greeting nor an end", e);
        } catch (SocketException e) {
            return "refused";
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(LOOPBACK, port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private UdpPeer udp(int port) throws IOException {
        return use(UdpPeer.client(new InetSocketAddress(LOOPBACK, port)));
    }

    private ForwardView view(String name) {
        return proxy().snapshot().forwards().stream()
                .filter(forward -> forward.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private <T extends Closeable> T use(T peer) {
        peers.push(peer);
        return peer;
    }

    private int statusPort() {
        return Integer.parseInt(status.substring(status.indexOf(':') + 1));
    }

    private static String get(String url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    /** Asks all processes, since an orphan is nobody's child. */
    private static long sleeping(String seconds) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").endsWith("sleep " + seconds))
                .count();
    }

    private static boolean probeIsRunning() {
        return ProcessHandle.current()
                .children()
                .anyMatch(child -> child.info().command().orElse("").endsWith("sleep"));
    }

    private List<Thread> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("wslproxy-"))
                .filter(thread -> !threadsBefore.contains(thread))
                .toList();
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
