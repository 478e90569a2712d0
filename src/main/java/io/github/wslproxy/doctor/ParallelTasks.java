package io.github.wslproxy.doctor;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs questions to the computer side by side, with one deadline for all. */
final class ParallelTasks implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ParallelTasks.class);
    private static final int THREADS = 16;

    /** The programs that still run are killed within this time. */
    private static final Duration CLEARING_UP = Duration.ofSeconds(2);

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "wslproxy-doctor");
        thread.setDaemon(true);
        return thread;
    });
    private final long end;

    /** @param patience the time for all tasks, from now on */
    ParallelTasks(Duration patience) {
        end = System.nanoTime() + patience.toNanos();
    }

    /** A question that was asked. */
    static final class Task<T> {
        private final CompletableFuture<Optional<T>> result;

        private Task(CompletableFuture<Optional<T>> result) {
            this.result = result;
        }

        private CompletableFuture<?> over() {
            return result.handle((answer, failure) -> answer);
        }

        /** Waits for the answer; empty if it does not come in time. An interrupt ends the waiting and stays set. */
        Optional<T> answer() {
            try {
                return result.get();
            } catch (ExecutionException defect) {
                log.debug("a task of the doctor failed", defect.getCause());
                return Optional.empty();
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
    }

    <T> Task<T> ask(Supplier<T> question) {
        return ask(question, left());
    }

    /** Asks with a deadline of its own, if that is earlier. */
    <T> Task<T> ask(Supplier<T> question, Duration limit) {
        return timed(CompletableFuture.supplyAsync(() -> Optional.of(question.get()), threads), limit);
    }

    /** Asks when each of {@code inputs} has its answer or has missed its deadline. */
    <T> Task<T> after(Collection<? extends Task<?>> inputs, Supplier<T> question) {
        CompletableFuture<?>[] all = inputs.stream().map(Task::over).toArray(CompletableFuture[]::new);
        return timed(CompletableFuture.allOf(all).thenApplyAsync(done -> Optional.of(question.get()), threads), left());
    }

    private <T> Task<T> timed(CompletableFuture<Optional<T>> result, Duration limit) {
        long nanos = Math.min(limit.toNanos(), left().toNanos());
        return new Task<>(result.completeOnTimeout(Optional.empty(), Math.max(nanos, 0), TimeUnit.NANOSECONDS));
    }

    private Duration left() {
        return Duration.ofNanos(end - System.nanoTime());
    }

    /** Gives up what is not answered yet, and kills the programs that run for it. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(CLEARING_UP.toMillis(), TimeUnit.MILLISECONDS)) {
                log.debug("a task of the doctor is still under way");
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
