package io.github.wslproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import io.github.wslproxy.testing.FakeTime;
import io.github.wslproxy.testing.RecordedEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class FileWatchTest {
    private static final Duration TICK = Duration.ofSeconds(1);

    @TempDir
    private Path folder;

    private final FakeTime time = new FakeTime();
    private final AtomicInteger changes = new AtomicInteger();
    private Path file;

    @BeforeEach
    void watch() throws IOException {
        file = folder.resolve("proxy.toml");
        Files.writeString(file, "port = 1");
        new ConfigWatcher.FileWatch(file, changes::incrementAndGet).start(time, TICK);
    }

    @AfterEach
    void end() {
        time.shutdownNow();
    }

    @Test
    void anEditIsNoticedOnceAndNotBeforeItRests() throws IOException {
        Files.writeString(file, "port = 2");
        time.pass(TICK);
        assertThat(changes).hasValue(0);

        time.pass(TICK.multipliedBy(10));
        assertThat(changes).hasValue(1);
    }

    @Test
    void aFileThatIsStillBeingWrittenIsLeftAlone() throws IOException {
        for (int i = 0; i < 5; i++) {
            Files.writeString(file, "port = " + "2".repeat(i));
            time.pass(TICK);
        }
        assertThat(changes).hasValue(0);

        time.pass(TICK);
        assertThat(changes).hasValue(1);
    }

    @Test
    void aFileThatIsReplacedCountsAsEdited() throws IOException {
        Path other = Files.writeString(folder.resolve("proxy.toml~"), "port = 2");
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        time.pass(TICK.multipliedBy(2));

        assertThat(changes).hasValue(1);
    }

    @Test
    void aFileThatStaysAwayIsSaidOnceEachTime() throws IOException {
        RecordedEvents log = new RecordedEvents();
        Logger logger = (Logger) LoggerFactory.getLogger(ConfigWatcher.class);
        logger.addAppender(log);
        log.start();
        try {
            for (int times = 1; times <= 2; times++) {
                Files.delete(file);
                time.pass(TICK.multipliedBy(2));
                assertThat(log.list).hasSize(times - 1);
                time.pass(TICK.multipliedBy(100));
                assertThat(log.list).hasSize(times);
                Files.writeString(file, "port = 1");
                time.pass(TICK.multipliedBy(3));
            }
            assertThat(log.list.get(0).getFormattedMessage())
                    .isEqualTo(file + " cannot be read any more; what ran before goes on");
        } finally {
            logger.detachAppender(log);
        }
    }

    @Test
    void anotherTimestampOrAMissingFileIsNoChange() throws IOException {
        Files.writeString(file, "port = 1");
        time.pass(TICK.multipliedBy(3));
        Files.delete(file);
        time.pass(TICK.multipliedBy(3));
        Files.writeString(file, "port = 1");
        time.pass(TICK.multipliedBy(3));

        assertThat(changes).hasValue(0);
    }

    @Test
    void anEditThatIsTakenBackIsNoticedToo() throws IOException {
        Files.writeString(file, "port = 2");
        time.pass(TICK.multipliedBy(3));
        Files.writeString(file, "port = 1");
        time.pass(TICK.multipliedBy(3));

        assertThat(changes).hasValue(2);
    }

    @Test
    void aDefectInWhatFollowsDoesNotEndTheWatch() throws IOException {
        AtomicInteger tried = new AtomicInteger();
        new ConfigWatcher.FileWatch(file, () -> {
                    tried.incrementAndGet();
                    throw new IllegalStateException("planted");
                })
                .start(time, TICK);

        Files.writeString(file, "port = 2");
        time.pass(TICK.multipliedBy(3));
        Files.writeString(file, "port = 3");
        time.pass(TICK.multipliedBy(3));

        assertThat(tried).hasValue(2);
    }
}
