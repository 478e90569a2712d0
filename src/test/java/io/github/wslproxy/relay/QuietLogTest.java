package io.github.wslproxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class QuietLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(QuietLogTest.class);
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();

    /** Near its overflow, as {@link System#nanoTime()} may be. */
    private long now = Long.MAX_VALUE - Duration.ofMillis(500).toNanos();

    private final QuietLog log = new QuietLog(logger, 2, () -> now);

    @BeforeEach
    void capture() {
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        written.start();
        logger.addAppender(written);
    }

    @AfterEach
    void release() {
        logger.detachAppender(written);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    @Test
    void linesBeyondTheLimitOfASecondAreLeftOut() {
        for (int i = 1; i <= 5; i++) {
            log.info("refused {}", i);
        }

        assertThat(lines()).containsExactly("INFO refused 1", "INFO refused 2");
    }

    @Test
    void theNextLineSaysHowManyWereLeftOut() {
        for (int i = 1; i <= 5; i++) {
            log.info("refused {}", i);
        }
        pass(Duration.ofSeconds(1));
        log.warn("refused {}", 6);
        log.warn("refused {}", 7);

        assertThat(lines())
                .containsExactly(
                        "INFO refused 1",
                        "INFO refused 2",
                        "WARN 3 more lines like the next were left out",
                        "WARN refused 6",
                        "WARN refused 7");
    }

    @Test
    void aSecondIsNotOverBeforeItIsOver() {
        log.info("1");
        log.info("2");
        pass(Duration.ofSeconds(1).minusNanos(1));
        log.info("3");
        pass(Duration.ofNanos(1));
        log.info("4");

        assertThat(lines())
                .containsExactly("INFO 1", "INFO 2", "INFO 1 more lines like the next were left out", "INFO 4");
    }

    @Test
    void oneLineNowAndThenIsAlwaysWritten() {
        for (int i = 0; i < 10; i++) {
            log.info("line");
            pass(Duration.ofMillis(500));
        }

        assertThat(lines()).hasSize(10).containsOnly("INFO line");
    }

    @Test
    void linesThatNobodyWantsUseUpNothing() {
        logger.setLevel(Level.WARN);
        for (int i = 0; i < 5; i++) {
            log.info("unwanted");
        }
        log.warn("wanted");

        assertThat(lines()).containsExactly("WARN wanted");
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private List<String> lines() {
        return written.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }
}
