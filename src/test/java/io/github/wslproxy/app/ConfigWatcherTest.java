package io.github.wslproxy.app;

import static io.github.wslproxy.testing.Loopback.freePortOfBoth;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.status.Snapshot.ForwardState;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.LoopbackVm;
import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which edits of the file are taken, and what is said of the others. */
@ExtendWith(LoopbackVm.class)
@Tag("slow")
class ConfigWatcherTest extends ConfigWatcherFixture {
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
        Await.until(() -> proxy().snapshot().configError().startsWith(file() + ":"));
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
}
