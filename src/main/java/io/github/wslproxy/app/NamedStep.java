package io.github.wslproxy.app;

import io.github.wslproxy.forward.Durations;
import io.github.wslproxy.os.Fault;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A part of a start, an edit or a stop. It is waited for and then left behind, so that no part holds up the rest; the
 * log names one that takes too long or fails.
 *
 * @param name the subject of a sentence in the log
 */
record NamedStep(String name, Duration limit, Supplier<CompletionStage<Void>> work) {
    private static final Logger log = LoggerFactory.getLogger(NamedStep.class);

    /** A step that is over when {@code work} returns. */
    static NamedStep of(String name, Runnable work) {
        return new NamedStep(name, Duration.ZERO, () -> {
            work.run();
            return CompletableFuture.completedFuture(null);
        });
    }

    /** Takes one step after the other. After an interrupt the later steps are begun and not waited for. */
    static void takeAll(List<NamedStep> steps) throws InterruptedException {
        boolean isInterrupted = false;
        for (NamedStep step : steps) {
            try {
                if (isInterrupted) {
                    step.begin();
                } else {
                    step.take();
                }
            } catch (InterruptedException hurried) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            throw new InterruptedException("hurried");
        }
    }

    /** Begins the work and waits for its end, but not longer than the limit. */
    void take() throws InterruptedException {
        try {
            begin().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            log.warn("{} did not end within {}; going on", name, Durations.format(limit));
        } catch (ExecutionException e) {
            log.error("{} failed unexpectedly: {}", name, Fault.line(e));
        }
    }

    private CompletableFuture<Void> begin() {
        try {
            return work.get().toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
