package io.github.wslproxy.wsl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.FakeRunner;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When wsl.exe is called to start the VM, with a clock that the test moves. */
class VmStarterTest {
    private static final String CALL = "wsl.exe -d Ubuntu -e sh -c sleep 60";
    private static final CommandResult STAYED = FakeRunner.ended(0, "");
    private static final CommandResult STOPPED = FakeRunner.ended(1, "");

    private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    private final BlockingQueue<CommandResult> results = new LinkedBlockingQueue<>();
    private final AtomicLong clock = new AtomicLong();
    private volatile boolean stopped = true;

    @Test
    void theDistributionOfTheSettingsIsStartedAndStayedInForAMinute() throws Exception {
        try (VmStarter waker = waker(Optional.of("Ubuntu"))) {
            assertThat(waker.wake()).isTrue();
            assertThat(next()).isEqualTo(CALL);
        }
        try (VmStarter waker = waker(Optional.empty())) {
            waker.wake();
            assertThat(next()).isEqualTo("wsl.exe -e sh -c sleep 60");
        }
    }

    @Test
    void thereIsOneCallAtATimeHoweverManyWait() throws Exception {
        try (VmStarter waker = waker(Optional.of("Ubuntu"))) {
            for (int i = 0; i < 1000; i++) {
                assertThat(waker.wake()).isEqualTo(i == 0);
                pass(Duration.ofSeconds(1));
            }
            assertThat(next()).isEqualTo(CALL);
            assertThat(calls).isEmpty();
            assertThat(waker.isUnderWay()).isTrue();
        }
    }

    @Test
    void whatIsNotKnownToBeStoppedIsNeverStarted() throws Exception {
        stopped = false;
        try (VmStarter waker = waker(Optional.of("Ubuntu"))) {
            for (int i = 0; i < 100; i++) {
                assertThat(waker.wake()).isFalse();
                pass(Duration.ofMinutes(10));
            }
        }
        assertThat(calls).isEmpty();
    }

    @Test
    void aVmThatWasStartedAndFellAsleepIsStartedAgainAfterAMinute() throws Exception {
        try (VmStarter waker = waker(Optional.of("Ubuntu"))) {
            for (int i = 0; i < 5; i++) {
                assertThat(waker.wake()).isTrue();
                stopped = false;
                end(waker, STAYED);
                stopped = true;
                pass(Duration.ofSeconds(59));
                assertThat(waker.wake()).isFalse();
                pass(Duration.ofSeconds(1));
            }
        }
    }

    @Test
    void callsInVainAreFurtherAndFurtherApart() throws Exception {
        try (VmStarter waker = waker(Optional.of("Ubuntu"))) {
            for (int minutes : new int[] {2, 4, 8, 16, 16, 16}) {
                assertThat(waker.wake()).isTrue();
                end(waker, STOPPED);
                pass(Duration.ofMinutes(minutes).minusNanos(1));
                assertThat(waker.wake()).isFalse();
                pass(Duration.ofNanos(1));
            }
            assertThat(waker.wake()).isTrue();
            stopped = false;
            end(waker, STAYED);
            stopped = true;
            pass(Duration.ofMinutes(1));
            assertThat(waker.wake()).isTrue();
        }
    }

    @Test
    void aCallThatEndsWellButLeavesTheVmStoppedWasInVain() throws Exception {
        try (VmStarter waker = waker(Optional.of("Ubuntu"))) {
            waker.wake();
            end(waker, STAYED);
            pass(Duration.ofSeconds(119));
            assertThat(waker.wake()).isFalse();
        }
    }

    @Test
    void aFailureIsSaidWithWhatWslPrintedAndWhenItIsTriedAgain() throws Exception {
        try (RecordedLog log = new RecordedLog(VmStarter.class);
                VmStarter waker = waker(Optional.of("Ubuntu"))) {
            waker.wake();
            end(waker, FakeRunner.ended(-1, "Error code: Wsl/Service/WSL_E_DISTRO_NOT_FOUND"));
            assertThat(log.lines())
                    .anySatisfy(line -> assertThat(line).contains("Starting WSL for a client that waits: " + CALL))
                    .anySatisfy(line -> assertThat(line)
                            .contains("it is left alone for 2 minutes")
                            .contains("WSL_E_DISTRO_NOT_FOUND")
                            .contains("wsl -l -q"));
        }
    }

    @Test
    void closingEndsTheCallAndThereIsNoFurther() throws Exception {
        VmStarter waker = waker(Optional.of("Ubuntu"));
        waker.wake();
        next();
        waker.close();

        assertThat(waker.isUnderWay()).isTrue(); // For as long as what it began may take.
        pass(Duration.ofHours(1));
        assertThat(waker.isUnderWay()).isFalse();
        assertThat(waker.wake()).isFalse();
        assertThat(calls).isEmpty();
    }

    @Test
    void aCallThatFailsUnexpectedlyIsOneInVain() throws Exception {
        try (VmStarter waker = new VmStarter(
                Optional.empty(),
                () -> "wsl.exe",
                (command, timeout) -> {
                    calls.add("failed");
                    throw new IllegalStateException("planted");
                },
                () -> stopped,
                clock::get)) {
            assertThat(waker.wake()).isTrue();
            assertThat(next()).isEqualTo("failed");
            Await.until(() -> !waker.isCalling());

            pass(Duration.ofMinutes(3));
            assertThat(waker.wake()).isTrue();
        }
    }

    private VmStarter waker(Optional<String> distribution) {
        return new VmStarter(distribution, () -> "wsl.exe", this::run, () -> stopped, clock::get);
    }

    private CommandResult run(List<String> command, Duration timeout) {
        calls.add(String.join(" ", command));
        try {
            return results.take();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return new CommandResult.Interrupted(Duration.ZERO);
        }
    }

    /** Ends the call that is under way. */
    private void end(VmStarter waker, CommandResult result) throws Exception {
        assertThat(next()).isEqualTo(CALL);
        results.add(result);
        Await.until(() -> !waker.isCalling());
    }

    private String next() throws InterruptedException {
        String call = calls.poll(10, TimeUnit.SECONDS);
        assertThat(call).as("a call").isNotNull();
        return call;
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }
}
