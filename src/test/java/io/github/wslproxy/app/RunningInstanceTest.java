package io.github.wslproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.os.UserFolders;
import io.github.wslproxy.testing.Await;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What others find out about a run, and how they stop it. */
@Timeout(60)
class RunningInstanceTest extends InstanceFixture {
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
