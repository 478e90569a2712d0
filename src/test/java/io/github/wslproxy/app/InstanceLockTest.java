package io.github.wslproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.wslproxy.testing.RecordedEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Who may run a configuration, and what the end of a run leaves. */
@Timeout(60)
class InstanceLockTest extends InstanceFixture {
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
}
