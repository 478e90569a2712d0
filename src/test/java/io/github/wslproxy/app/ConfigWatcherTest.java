package io.github.wslproxy.app;

import static io.github.wslproxy.testing.Loopback.awaitFree;
import static io.github.wslproxy.testing.Loopback.freePortOfBoth;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.status.Snapshot.ForwardState;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Escalations;
import io.github.wslproxy.testing.LoopbackVm;
import io.github.wslproxy.testing.RecordedEvents;
import io.github.wslproxy.testing.TcpPeer;
import io.github.wslproxy.testing.UdpPeer;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Edits of the file while the proxy runs, over real sockets. */
@ExtendWith(LoopbackVm.class)
@Tag("slow")
class ConfigWatcherTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int CLIENTS = 64;
    private static final int RELOADS = 100;

    @RegisterExtension
    final Escalations escalations = new Escalations();

    @TempDir
    private Path folder;

    private final Deque<Closeable> peers = new ArrayDeque<>();
    private final ListAppender<ILoggingEvent> log = new RecordedEvents();
    private final Logger logger = (Logger) LoggerFactory.getLogger(ConfigWatcher.class);
    private @Nullable WslProxy made;
    private @Nullable ConfigWatcher reload;

    @BeforeEach
    void listenToTheLog() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void nothingIsLeftRunning() throws Exception {
        if (reload != null) {
            reload.close();
        }
        if (made != null) {
            made.stop(Duration.ZERO);
        }
        for (Closeable peer : peers) {
            peer.close();
        }
        logger.detachAppender(log);
    }

    @Test
    void anEditIsAppliedByItself() throws Exception {
        TcpPeer echo = echo();
        int first = freePortOfBoth();
        int second = freePortOfBoth();
        write(forward("first", "tcp", first, echo.port()));
        start();

        write(forward("first", "tcp", first, echo.port()), forward("second", "tcp", second, echo.port()));

        Await.until(() ->
                proxy().snapshot().forwards().size() == 2 && view("second").state() == ForwardState.LISTENING);
        assertThat(answers(second)).isTrue();
        Await.until(() -> lines().contains("INFO " + file() + " was edited: added second"));
    }

    @Test
    void anEditThatIsNotValidIsReportedLineForLineAndChangesNothing() throws Exception {
        TcpPeer echo = echo();
        int port = freePortOfBoth();
        write(forward("web", "tcp", port, echo.port()));
        start();

        write(forward("web", "tcp", port, echo.port()), "[[forward]]\nport = 70000\ncolour = 'red'\n");

        Await.until(() -> lines().size() == 3);
        assertThat(lines().get(0))
                .isEqualTo("ERROR " + file() + " was edited and is not valid; what ran before goes on:");
        assertThat(lines().get(1)).startsWith("ERROR " + file() + ":");
        assertThat(proxy().snapshot().configError()).startsWith(file() + ":");
        assertThat(answers(port)).isTrue();

        write(forward("web", "tcp", port, echo.port()), "# mended\n");
        Await.until(() -> proxy().snapshot().configError().isEmpty());
    }

    @Test
    void anEditThatTheHeapHasNoRoomForWaitsUntilThereIsSome() throws Exception {
        write(forward("web", "tcp", 8000, 8001));
        AtomicLong free = new AtomicLong();
        List<String> refused = new CopyOnWriteArrayList<>();
        List<Settings> applied = new CopyOnWriteArrayList<>();
        HeapRoom room = new HeapRoom(1 << 27, free::get, () -> {});
        reload = new ConfigWatcher(folder.resolve("proxy.toml"), ConfigFile::read, room);
        reload.follow(next -> String.valueOf(applied.add(next)), refused::add, false);

        write(forward("web", "tcp", 8000, 8002));
        Await.until(() -> refused.size() == 1);
        assertThat(refused.get(0))
                .isEqualTo(file() + " was edited and is not read yet: 0 MiB of Java's heap are free, 30 may be needed;"
                        + " it is tried again every 2s");

        free.set(1 << 27);
        Await.until(() -> applied.size() == 1);
        assertThat(refused).hasSize(1);
    }

    @Test
    @Tag("slow")
    void editsThatTheHeapHasNoRoomForAreAppliedOnceHoweverManyThereWere() throws Exception {
        write(forward("web", "tcp", 8000, 8001));
        AtomicLong free = new AtomicLong();
        AtomicLong looks = new AtomicLong();
        List<Settings> applied = new CopyOnWriteArrayList<>();
        HeapRoom room = new HeapRoom(1 << 27, free::get, looks::incrementAndGet);
        reload = new ConfigWatcher(folder.resolve("proxy.toml"), ConfigFile::read, room);
        reload.follow(next -> String.valueOf(applied.add(next)), refused -> {}, false);
        write(forward("web", "tcp", 8000, 8002));
        Await.until(() -> looks.get() > 0);
        write(forward("web", "tcp", 8000, 8003));
        long before = looks.get();
        Await.until(() -> looks.get() > before + 3); // The second edit was noticed, too.

        free.set(1 << 27);
        Await.until(() -> !applied.isEmpty());
        long since = System.nanoTime();
        Await.until(() -> System.nanoTime() - since > TimeUnit.SECONDS.toNanos(3)); // Longer than to the next look.
        assertThat(applied).hasSize(1);
    }

    @Test
    void anEditThatCannotBeReadForADefectIsOneLineAndChangesNothing() throws Exception {
        write(forward("web", "tcp", 8000, 8001));
        AtomicBoolean defect = new AtomicBoolean();
        List<String> refused = new CopyOnWriteArrayList<>();
        List<Settings> applied = new CopyOnWriteArrayList<>();
        reload = new ConfigWatcher(folder.resolve("proxy.toml"), path -> {
            if (defect.get()) {
                throw new IllegalStateException("planted");
            }
            return ConfigFile.read(path);
        });
        reload.follow(next -> String.valueOf(applied.add(next)), refused::add, false);

        defect.set(true);
        write(forward("web", "tcp", 8000, 8002));
        Await.until(() -> refused.size() == 1);
        assertThat(refused.get(0)).startsWith(file() + " was edited and could not be read; what ran before goes on: ");
        assertThat(lines()).containsExactly("ERROR " + refused.get(0));

        defect.set(false);
        write(forward("web", "tcp", 8000, 8003));
        Await.until(() -> applied.size() == 1);
    }

    /** Of neither the old settings nor the new ones anybody could say that they run. */
    @Test
    void anEditThatIsAppliedInPartOnlyEndsTheProgram() throws Exception {
        write(forward("web", "tcp", 8000, 8001));
        reload = new ConfigWatcher(folder.resolve("proxy.toml"));
        reload.follow(
                next -> {
                    throw new IllegalStateException("planted");
                },
                why -> {},
                false);

        write(forward("web", "tcp", 8000, 8002));

        assertThat(escalations.next())
                .hasMessage("the edited " + file() + " was applied in part only")
                .hasRootCauseMessage("planted");
    }

    @Test
    void anEditThatIsCutShortByTheEndIsNoFailure() throws Exception {
        write(forward("web", "tcp", 8000, 8001));
        ConfigWatcher ending = new ConfigWatcher(folder.resolve("proxy.toml"));
        CountDownLatch begun = new CountDownLatch(1);
        ending.follow(
                next -> {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException stopping) {
                        throw new IllegalStateException("all that it needs has ended");
                    }
                    return "";
                },
                why -> {},
                false);
        write(forward("web", "tcp", 8000, 8002));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        ending.close();

        assertThat(lines()).isEmpty();
    }

    @Test
    @Timeout(20)
    void aPipeIsReadOnce() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        CompletableFuture<Path> written = CompletableFuture.supplyAsync(() -> writeTo(pipe));

        try (ConfigWatcher once = new ConfigWatcher(pipe)) {
            assertThat(once.settings().forwards()).hasSize(1);
        }
        assertThat(written.get(10, TimeUnit.SECONDS)).isEqualTo(pipe);
    }

    private static Path writeTo(Path pipe) {
        try {
            return Files.writeString(pipe, whole(forward("web", "tcp", 8000, 8001)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

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

    private void start() throws Exception {
        reload = new ConfigWatcher(folder.resolve("proxy.toml"));
        made = new WslProxy(reload.settings());
        made.start();
        reload.follow(made.forwards(), false);
    }

    private WslProxy proxy() {
        return Objects.requireNonNull(made, "made by start()");
    }

    private ForwardView view(String name) {
        return proxy().snapshot().forwards().stream()
                .filter(forward -> forward.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private TcpPeer echo() throws IOException {
        return use(TcpPeer.playing(TcpPeer::echo));
    }

    private <T extends Closeable> T use(T peer) {
        peers.push(peer);
        return peer;
    }

    private static String forward(String name, String protocol, int listen, int target) {
        return "[[forward]]\nname = '%s'\nprotocol = '%s'\nlisten = '127.0.0.1:%d'\ntarget = '127.0.0.1:%d'\n"
                .formatted(name, protocol, listen, target);
    }

    private static String whole(String... forwards) {
        return "[status]\nlisten = 'off'\n" + String.join("", forwards);
    }

    private void write(String... forwards) throws IOException {
        writeWhole(whole(forwards));
    }

    /** As editors do it. */
    private void writeWhole(String text) throws IOException {
        Path next = Files.writeString(folder.resolve("proxy.toml~"), text);
        Files.move(next, folder.resolve("proxy.toml"), StandardCopyOption.REPLACE_EXISTING);
    }

    private String file() {
        return folder.resolve("proxy.toml").toString();
    }

    private List<String> lines() {
        return List.copyOf(log.list).stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    private static boolean answers(int port) throws IOException {
        try (Socket client = connect(port)) {
            client.getOutputStream().write(7);
            return client.getInputStream().read() == 7;
        }
    }

    private static String greeting(int port) throws IOException {
        try (Socket client = connect(port)) {
            return new String(client.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(LOOPBACK, port);
        socket.setSoTimeout(10_000);
        return socket;
    }
}
