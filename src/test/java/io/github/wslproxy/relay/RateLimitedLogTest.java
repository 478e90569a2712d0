package io.github.wslproxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.wslproxy.testing.FakeTime;
import io.github.wslproxy.testing.RecordedEvents;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RateLimitedLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(RateLimitedLogTest.class);
    private final ListAppender<ILoggingEvent> written = new RecordedEvents();

    private final FakeTime time = new FakeTime();
    private final RateLimitedLog log = new RateLimitedLog(logger, 2, time);

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

    /** A flood of refused datagrams would build 100,000 texts a second for nothing. */
    @Test
    void aLineThatIsLeftOutIsNotEvenMade() {
        AtomicInteger made = new AtomicInteger();
        for (int i = 1; i <= 5; i++) {
            log.warn(() -> "refused " + made.incrementAndGet());
        }

        assertThat(made).hasValue(2);
        assertThat(lines()).containsExactly("WARN refused 1", "WARN refused 2");
    }

    @Test
    void whenTheSecondIsOverItSaysHowManyWereLeftOut() {
        for (int i = 1; i <= 5; i++) {
            log.warn("refused {}", i);
        }
        time.pass(Duration.ofSeconds(1));
        log.warn("refused {}", 6);

        assertThat(lines())
                .containsExactly(
                        "WARN refused 1",
                        "WARN refused 2",
                        "WARN 3 more of these in the last second",
                        "WARN refused 6");
    }

    @Test
    void aSecondIsNotOverBeforeItIsOver() {
        log.info("1");
        log.info("2");
        time.pass(Duration.ofSeconds(1).minusNanos(1));
        log.info("3");
        time.pass(Duration.ofNanos(1));
        log.info("4");

        assertThat(lines()).containsExactly("INFO 1", "INFO 2", "INFO 1 more of these in the last second", "INFO 4");
    }

    @Test
    void oneLineNowAndThenIsAlwaysWritten() {
        for (int i = 0; i < 10; i++) {
            log.info("line");
            time.pass(Duration.ofMillis(500));
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

    private List<String> lines() {
        return written.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }
}
