package io.github.wslproxy.doctor;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts questions to the computer side by side, and waits for all of them together only so long. */
final class ParallelTasks implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ParallelTasks.class);
    private static final int THREADS = 16;

    /** For killing the programs that still run. */
    private static final Duration CLEARING_UP = Duration.ofSeconds(2);

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "wslproxy-doctor");
        thread.setDaemon(true);
        return thread;
    });
    private final long end;

    /** @param patience from now on, for every question */
    ParallelTasks(Duration patience) {
        end = System.nanoTime() + patience.toNanos();
    }

    /** A question that was put. */
    final class Question<T> {
        private final Future<T> answer;
        private final long put = System.nanoTime();

        private Question(Future<T> answer) {
            this.answer = answer;
        }

        /** Empty if it did not come in time. An interrupt ends the waiting and stays set. */
        Optional<T> answer() {
            return await(end - System.nanoTime());
        }

        /** The same, but counted from when it was put no later than {@code limit}. */
        Optional<T> answer(Duration limit) {
            long now = System.nanoTime();
            return await(Math.min(end - now, put + limit.toNanos() - now));
        }

        private Optional<T> await(long nanos) {
            try {
                return Optional.of(answer.get(Math.max(nanos, 0), TimeUnit.NANOSECONDS));
            } catch (TimeoutException late) {
                return Optional.empty();
            } catch (ExecutionException defect) {
                log.debug("a question of the doctor failed", defect.getCause());
                return Optional.empty();
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
    }

    <T> Question<T> ask(Supplier<T> question) {
        return new Question<>(threads.submit(question::get));
    }

    /** Gives up what is not answered yet; programs that were run for it are killed. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(CLEARING_UP.toMillis(), TimeUnit.MILLISECONDS)) {
                log.debug("a question of the doctor is still being answered");
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
