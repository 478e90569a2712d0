package io.github.wslproxy.wsl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.CommandRunner;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.FakeRunner;
import io.github.wslproxy.testing.RecordedLog;
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
    private static final ProbeReport DOWN = ProbeReport.learned(new TargetState.Down("played"));
    private static final ProbeReport UP =
            ProbeReport.learned(new TargetState.Up(Samples.address("10.0.0.1"), "played"));

    @Test
    void theDistributionOfTheSettingsIsStartedAndStayedInForAMinute() throws Exception {
        try (VmStarter starter = starter(Optional.of("Ubuntu"))) {
            assertThat(starter.wake()).isTrue();
            assertThat(next()).isEqualTo(CALL);
        }
        try (VmStarter starter = starter(Optional.empty())) {
            starter.wake();
            assertThat(next()).isEqualTo("wsl.exe -e sh -c sleep 60");
        }
    }

    @Test
    void thereIsOneCallAtATimeHoweverManyWait() throws Exception {
        try (VmStarter starter = starter(Optional.of("Ubuntu"))) {
            for (int i = 0; i < 1000; i++) {
                assertThat(starter.wake()).isEqualTo(i == 0);
                pass(Duration.ofSeconds(1));
            }
            assertThat(next()).isEqualTo(CALL);
            assertThat(calls).isEmpty();
            assertThat(starter.isUnderWay()).isTrue();
        }
    }

    @Test
    void whatIsNotKnownToBeStoppedIsNeverStarted() throws Exception {
        try (VmStarter starter = starter(Optional.of("Ubuntu"))) {
            starter.saw(UP);
            for (int i = 0; i < 100; i++) {
                assertThat(starter.wake()).isFalse();
                pass(Duration.ofMinutes(10));
            }
        }
        assertThat(calls).isEmpty();
    }

    @Test
    void aVmThatWasStartedAndFellAsleepIsStartedAgainAfterAMinute() throws Exception {
        try (VmStarter starter = starter(Optional.of("Ubuntu"))) {
            for (int i = 0; i < 5; i++) {
                assertThat(starter.wake()).isTrue();
                starter.saw(UP);
                end(starter, STAYED);
                starter.saw(DOWN);
                pass(Duration.ofSeconds(59));
                assertThat(starter.wake()).isFalse();
                pass(Duration.ofSeconds(1));
            }
        }
    }

    @Test
    void callsInVainAreFurtherAndFurtherApart() throws Exception {
        try (VmStarter starter = starter(Optional.of("Ubuntu"))) {
            for (int minutes : new int[] {2, 4, 8, 16, 16, 16}) {
                assertThat(starter.wake()).isTrue();
                end(starter, STOPPED);
                pass(Duration.ofMinutes(minutes).minusNanos(1));
                assertThat(starter.wake()).isFalse();
                pass(Duration.ofNanos(1));
            }
            assertThat(starter.wake()).isTrue();
            starter.saw(UP);
            end(starter, STAYED);
            starter.saw(DOWN);
            pass(Duration.ofMinutes(1));
            assertThat(starter.wake()).isTrue();
        }
    }

    @Test
    void aCallThatEndsWellButLeavesTheVmStoppedWasInVain() throws Exception {
        try (VmStarter starter = starter(Optional.of("Ubuntu"))) {
            starter.wake();
            end(starter, STAYED);
            pass(Duration.ofSeconds(119));
            assertThat(starter.wake()).isFalse();
        }
    }

    @Test
    void aFailureIsSaidWithWhatWslPrintedAndWhenItIsTriedAgain() throws Exception {
        try (RecordedLog log = new RecordedLog(VmStarter.class);
                VmStarter starter = starter(Optional.of("Ubuntu"))) {
            starter.wake();
            end(starter, FakeRunner.ended(-1, "Error code: Wsl/Service/WSL_E_DISTRO_NOT_FOUND"));
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
        VmStarter starter = starter(Optional.of("Ubuntu"));
        starter.wake();
        next();
        starter.close();

        assertThat(starter.isUnderWay()).isTrue(); // What the call began may take that long.
        pass(Duration.ofHours(1));
        assertThat(starter.isUnderWay()).isFalse();
        assertThat(starter.wake()).isFalse();
        assertThat(calls).isEmpty();
    }

    @Test
    void aCallThatFailsUnexpectedlyIsOneInVain() throws Exception {
        CommandRunner failing = (command, timeout) -> {
            calls.add("failed");
            throw new IllegalStateException("planted");
        };
        try (VmStarter starter = starter(Optional.empty(), failing)) {
            assertThat(starter.wake()).isTrue();
            assertThat(next()).isEqualTo("failed");
            Await.until(() -> !starter.isCalling());

            pass(Duration.ofMinutes(3));
            assertThat(starter.wake()).isTrue();
        }
    }

    private VmStarter starter(Optional<String> distribution) {
        return starter(distribution, this::run);
    }

    /** The VM is known to be stopped. */
    private VmStarter starter(Optional<String> distribution, CommandRunner runner) {
        VmStarter starter = new VmStarter(distribution, new WslExe(() -> "wsl.exe", runner), clock::get);
        starter.saw(DOWN);
        return starter;
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
    private void end(VmStarter starter, CommandResult result) throws Exception {
        assertThat(next()).isEqualTo(CALL);
        results.add(result);
        Await.until(() -> !starter.isCalling());
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
