package io.github.wslproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.wslproxy.app.RunningInstance.Started;
import io.github.wslproxy.os.UserFolders;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.RecordedEvents;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(60)
class InstanceLockTest {
    private static final long OWN_PID = ProcessHandle.current().pid();
    private static final Duration NOT_LONG = Duration.ofSeconds(15);
    private static final String KILLED =
            InstanceJson.write(new RunningInstance(4711, Optional.of("/proxy.toml"), Optional.empty()));

    @TempDir
    Path temp;

    private StateDirectory state;
    private Path config;

    @BeforeEach
    void write() throws IOException {
        state = new StateDirectory(temp.resolve("state"), temp.resolve("state/wslproxy.log"));
        config = Files.writeString(temp.resolve("proxy.toml"), "");
    }

    static Started started(String... table) {
        return new Started(Optional.empty(), Map.of(), List.of(table));
    }

    private InstanceLock take(Path file) throws Exception {
        return InstanceLock.take(file, state);
    }

    /** Runs until it is killed. */
    public static final class OtherProcess {
        private OtherProcess() {}

        /** Takes the lock of the configuration and state folder that it is given. */
        public static void main(String[] arguments) throws Exception {
            Path state = Path.of(arguments[1]);
            InstanceLock lock =
                    InstanceLock.take(Path.of(arguments[0]), new StateDirectory(state, state.resolve("log")));
            lock.announce(started("started"));
            TimeUnit.DAYS.sleep(1);
        }
    }

    /** Only looks, for as long as it lives. */
    public static final class OnlookerProcess {
        private OnlookerProcess() {}

        /** Looks at the lock of the configuration and state folder that it is given, and then makes the file named. */
        public static void main(String[] arguments) throws Exception {
            Path state = Path.of(arguments[1]);
            InstanceFile file = InstanceFile.of(Path.of(arguments[0]), new StateDirectory(state, state.resolve("log")))
                    .orElseThrow();
            try (FileChannel channel = FileChannel.open(file.lock(), StandardOpenOption.READ);
                    FileLock look = InstanceFile.tryLook(channel)) {
                Files.writeString(Path.of(arguments[2]), String.valueOf(look));
                TimeUnit.DAYS.sleep(1);
            }
        }
    }

    private Process otherProcess() throws Exception {
        Process other = start(OtherProcess.class);
        Await.until(() -> !other.isAlive()
                || RunningInstance.of(config, state)
                        .flatMap(RunningInstance::startTable)
                        .isPresent());
        return other;
    }

    private Process start(Class<?> main) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        config.toString(),
                        state.path().toString(),
                        temp.resolve("looking").toString())
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("other.out").toFile())
                .start();
    }

    /** Each would see the lock of the other, and read what an instance that was killed has left. */
    @Test
    void twoThatLookDoNotTakeEachOtherForAnInstance() throws Exception {
        InstanceFile file = InstanceFile.of(config, state).orElseThrow();
        PrivateFiles.folderOf(file.lock());
        Files.writeString(file.lock(), KILLED);
        Process looker = start(OnlookerProcess.class);
        try {
            Await.until(() -> Files.exists(temp.resolve("looking")) || !looker.isAlive());

            assertThat(temp.resolve("looking")).content().isNotEqualTo("null");
            assertThat(RunningInstance.of(config, state)).isEmpty();
            assertThat(RunningInstance.awaitEnd(config, state, Duration.ZERO)).isTrue();
        } finally {
            looker.destroyForcibly().onExit().join();
        }
    }

    @Test
    void anInstanceThatEndsLeavesNothing() throws Exception {
        InstanceLock lock = take(config);
        AdminToken.renew(config, state);
        lock.close();

        assertThat(state.instances()).isEmptyDirectory();
    }

    /** It had opened the file before the other one deleted it: a third one would not see a lock on that. */
    @Test
    void whoHasWaitedForALockThatIsGoneTakesTheNewOne() throws Exception {
        InstanceLock first = take(config);
        CompletableFuture<InstanceLock> second = CompletableFuture.supplyAsync(() -> takeUnchecked(config));
        first.close();

        try (InstanceLock lock = second.get()) {
            lock.announce(started("second"));
            assertThat(RunningInstance.of(config, state).orElseThrow().startTable())
                    .contains(List.of("second"));
            assertThatThrownBy(() -> take(config)).isInstanceOf(StartException.AlreadyRunning.class);
        }
    }

    private InstanceLock takeUnchecked(Path file) {
        try {
            return take(file);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aStartRemovesWhatEndedRunsOfOtherConfigurationsHaveLeft() throws Exception {
        Path killed = leftBy("killed", KILLED);
        Path longAgo = leftBy("long-ago", KILLED);
        Files.setLastModifiedTime(longAgo, FileTime.from(Instant.now().minus(Duration.ofDays(40))));
        Path ended = leftBy("ended", "");
        Path withoutLock = Files.writeString(state.instances().resolve("0123.token"), "");
        Process running = otherProcess();
        try (InstanceLock lock = take(Files.writeString(temp.resolve("third.toml"), ""))) {
            lock.announce(started());

            assertThat(killed).as("its next run says that it was killed").exists();
            assertThat(longAgo).doesNotExist();
            assertThat(ended).doesNotExist();
            assertThat(withoutLock).doesNotExist();
            assertThat(RunningInstance.of(config, state).orElseThrow().pid()).isEqualTo(running.pid());
        } finally {
            running.destroyForcibly().onExit().join();
        }
    }

    private Path leftBy(String name, String text) throws IOException {
        Files.createDirectories(state.instances());
        Path other = Files.writeString(temp.resolve(name + ".toml"), "");
        return Files.writeString(InstanceFile.of(other, state).orElseThrow().lock(), text);
    }

    /** "It does not run" would be a lie where none could have said that it does. */
    @Test
    void whatCannotBeToldIsNotTakenForNobody() throws Exception {
        assertThat(RunningInstance.find(config, state)).isEmpty();
        assertThatThrownBy(() -> RunningInstance.find(temp, state)).hasMessageContaining("not a plain file");

        Files.writeString(temp.resolve("state"), "a file in its way");
        assertThatThrownBy(() -> RunningInstance.find(config, state)).hasMessageContaining("cannot be written to");
        StateDirectory homeless = StateDirectory.of(false, new UserFolders(false, Map.of("HOME", ""), "?"));
        assertThatThrownBy(() -> RunningInstance.find(config, homeless)).hasMessageContaining("HOME is empty");
        try (InstanceLock lock = InstanceLock.take(config, homeless)) {
            lock.announce(started());
        }
    }

    /** To write to a channel while the thread is interrupted closes it, and a lock goes with its channel. */
    @Test
    void aStopThatComesWhileItAnnouncesItselfLeavesTheLockAlone() throws Exception {
        try (InstanceLock lock = take(config)) {
            Thread.currentThread().interrupt();
            lock.announce(started("it runs"));
            assertThat(Thread.interrupted()).isTrue();

            assertThat(RunningInstance.of(config, state)
                            .orElseThrow()
                            .startTable()
                            .orElseThrow())
                    .containsExactly("it runs");

            Thread.currentThread().interrupt();
        }
        assertThat(Thread.interrupted()).isTrue();
        assertThat(state.instances()).isEmptyDirectory();
    }

    @Test
    void thatTheLastOneWasKilledIsSaidByTheNext() throws Exception {
        Files.createDirectories(state.instances());
        Files.writeString(InstanceFile.of(config, state).orElseThrow().lock(), KILLED);

        assertThat(announced()).singleElement().asString().contains("pid 4711", "did not exit cleanly");
        assertThat(announced()).isEmpty();
    }

    private List<String> announced() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(InstanceLock.class);
        ListAppender<ILoggingEvent> log = new RecordedEvents();
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
        try (InstanceLock lock = take(config)) {
            lock.announce(started());
        } finally {
            logger.detachAppender(log);
            logger.setLevel(null);
        }
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void whoHoldsTheLockWithoutAWordIsNobodyYet() throws Exception {
        Files.createDirectories(state.instances());
        Path file = InstanceFile.of(config, state).orElseThrow().lock();
        try (RandomAccessFile starting = new RandomAccessFile(file.toFile(), "rw");
                FileLock lock = InstanceFile.tryLock(starting.getChannel())) {
            assertThat(lock).isNotNull();
            assertThat(RunningInstance.of(config, state)).isEmpty();

            InstanceFile.write(starting, KILLED);
            assertThat(RunningInstance.of(config, state).orElseThrow().pid()).isEqualTo(4711);
        }
    }

    @Test
    void aSecondProcessIsRefusedWithThePidOfTheFirst() throws Exception {
        Process other = otherProcess();
        try {
            assertThatThrownBy(() -> take(config))
                    .isInstanceOf(StartException.AlreadyRunning.class)
                    .hasMessage("already running with " + config + " (pid " + other.pid()
                            + "). To stop it: wslproxy stop --config " + config);
        } finally {
            other.destroyForcibly().onExit().join();
        }
    }

    @Test
    void aKilledProcessLeavesNothingLocked() throws Exception {
        Process other = otherProcess();
        other.destroyForcibly().onExit().join();

        assertThat(RunningInstance.of(config, state)).isEmpty();
        try (InstanceLock lock = take(config)) {
            lock.announce(started("mine"));
            assertThat(RunningInstance.of(config, state).orElseThrow().pid()).isEqualTo(OWN_PID);
        }
    }

    @Test
    void itIsTheFileThatCountsNotTheWayToIt() throws Exception {
        Path sub = Files.createDirectory(temp.resolve("sub"));
        Path link = Files.createSymbolicLink(temp.resolve("link.toml"), config);

        try (InstanceLock lock = take(sub.resolve("../proxy.toml"))) {
            assertThatThrownBy(() -> take(link)).isInstanceOf(StartException.class);
            assertThat(RunningInstance.of(link, state)).isPresent();
            lock.announce(started());
        }
    }

    @Test
    void anotherConfigurationRunsBesideIt() throws Exception {
        Path second = Files.writeString(temp.resolve("second.toml"), "");

        try (InstanceLock lock = take(config);
                InstanceLock other = take(second)) {
            lock.announce(started("a"));
            other.announce(started("b"));
            assertThat(RunningInstance.of(config, state).orElseThrow().startTable())
                    .contains(List.of("a"));
            assertThat(RunningInstance.of(second, state).orElseThrow().startTable())
                    .contains(List.of("b"));
        }
    }

    @Test
    void tellsWhoRunsFromTheStartAndWhatItSaidOnceItHasStarted() throws Exception {
        try (InstanceLock lock = take(config)) {
            assertThat(RunningInstance.of(config, state))
                    .contains(new RunningInstance(OWN_PID, Optional.of(config.toString()), Optional.empty()));

            lock.announce(started("FORWARD", "w\u00e4b"));
            assertThat(RunningInstance.of(config, state).orElseThrow().startTable())
                    .contains(List.of("FORWARD", "w\u00e4b"));
        }
        assertThat(RunningInstance.of(config, state)).isEmpty();
    }

    @Test
    void whatALongerInstanceSaidIsGone() throws Exception {
        try (InstanceLock first = take(config)) {
            first.announce(started("x".repeat(1000)));
        }
        try (InstanceLock second = take(config)) {
            assertThat(RunningInstance.of(config, state).orElseThrow().startTable())
                    .isEmpty();
            second.announce(started("short"));
            assertThat(RunningInstance.of(config, state).orElseThrow().startTable())
                    .contains(List.of("short"));
        }
    }

    @Test
    void stopsWhenItIsAskedTo() throws Exception {
        Thread instance = new Thread(() -> {
            try (InstanceLock lock = take(config)) {
                lock.awaitStopRequest();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        instance.start();
        Await.until(() -> RunningInstance.of(config, state).isPresent());

        assertThat(RunningInstance.stop(config, state, NOT_LONG)).isTrue();
        instance.join();
        assertThat(RunningInstance.of(config, state)).isEmpty();
    }

    @Test
    void aRequestThatIsNotHeededIsWithdrawn() throws Exception {
        try (InstanceLock busy = take(config)) {
            assertThat(RunningInstance.stop(config, state, Duration.ofMillis(1)))
                    .isFalse();
            busy.announce(started());
        }
        assertThat(state.instances()).isEmptyDirectory();
    }

    @Test
    void anOldRequestDoesNotStopTheNextInstance() throws Exception {
        InstanceFile file = InstanceFile.of(config, state).orElseThrow();
        Files.createDirectories(state.instances());
        file.requestStop();

        try (InstanceLock lock = take(config)) {
            assertThat(file.stop()).doesNotExist();
            lock.announce(started());
        }
    }

    @Test
    void withNobodyToStopThereIsNothingToWaitFor() throws Exception {
        assertThat(RunningInstance.stop(config, state, NOT_LONG)).isTrue();
    }

    @Test
    void aDeletedConfigurationMayStillBeRun() throws Exception {
        try (InstanceLock lock = take(config)) {
            Files.delete(config);
            assertThat(RunningInstance.of(config, state)).isPresent();
            lock.announce(started());
        }
    }

    @Test
    void whereThereCanBeNoLockItGoesOnWithout() throws Exception {
        Files.writeString(temp.resolve("state"), "a file in its way");

        try (InstanceLock lock = take(config)) {
            lock.announce(started("started"));
        }
        assertThat(RunningInstance.of(config, state)).isEmpty();
    }

    @Test
    void whatIsNoFileIsNotLocked() throws Exception {
        try (InstanceLock one = take(temp);
                InstanceLock two = take(temp)) {
            one.announce(started());
            two.announce(started());
        }
        assertThat(state.path()).doesNotExist();
    }

    @Test
    void forgettingLeavesARunningInstanceAlone() throws Exception {
        try (InstanceLock lock = take(config)) {
            RunningInstance.forget(config, state);
            assertThat(RunningInstance.of(config, state)).isPresent();
            lock.announce(started());
        }
        RunningInstance.forget(config, state);
        assertThat(state.instances()).doesNotExist();
    }

    @Test
    void aStopReachesAnInstanceOfAnEarlierVersion() throws Exception {
        Files.createDirectories(state.instances());
        Path file = InstanceFile.of(config, state).orElseThrow().lock();
        try (RandomAccessFile earlier = new RandomAccessFile(file.toFile(), "rw");
                FileLock lock = InstanceFile.tryLock(earlier.getChannel())) {
            assertThat(lock).isNotNull();
            InstanceFile.write(
                    earlier, "4711\nstarted\nconfiguration: /proxy.toml\nstatus: http://127.0.0.1:9797/\nend\n");

            assertThat(RunningInstance.of(config, state))
                    .contains(new RunningInstance(4711, Optional.empty(), Optional.empty()));
        }
    }
}
