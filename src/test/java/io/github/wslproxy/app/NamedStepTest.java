package io.github.wslproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.github.wslproxy.testing.RecordedEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class NamedStepTest {
    private static final Duration SHORT = Duration.ofMillis(1);

    private final Logger logger = (Logger) LoggerFactory.getLogger(NamedStep.class);
    private final RecordedEvents log = new RecordedEvents();
    private final List<String> done = new ArrayList<>();

    @BeforeEach
    void listenToTheLog() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void leaveTheLog() {
        logger.detachAppender(log);
    }

    private NamedStep doing(String name) {
        return NamedStep.of(name, () -> done.add(name));
    }

    private static NamedStep hanging(Duration limit) {
        return new NamedStep("ending the probe", limit, CompletableFuture::new);
    }

    private List<String> lines() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void oneThatDoesNotEndIsNamedAndTheNextIsTaken() throws Exception {
        NamedStep.takeAll(List.of(hanging(SHORT), doing("closing the status address")));

        assertThat(done).containsExactly("closing the status address");
        assertThat(lines()).containsExactly("ending the probe did not end within 1ms; going on");
    }

    @Test
    void oneThatFailsIsNamedAndTheNextIsTaken() throws Exception {
        NamedStep failing = NamedStep.of("closing the event log", () -> {
            throw new IllegalStateException("planted");
        });

        NamedStep.takeAll(List.of(failing, doing("next")));

        assertThat(done).containsExactly("next");
        assertThat(lines())
                .singleElement()
                .asString()
                .startsWith("closing the event log failed unexpectedly: ")
                .contains("planted");
    }

    @Test
    void afterAnInterruptAllOthersAreBegunAndNoneIsWaitedFor() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> NamedStep.takeAll(List.of(
                        doing("one"), hanging(Duration.ofHours(1)), hanging(Duration.ofHours(1)), doing("two"))))
                .isInstanceOf(InterruptedException.class);
        assertThat(done).containsExactly("one", "two");
        assertThat(lines()).isEmpty();
    }
}
