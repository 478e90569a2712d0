package io.github.wslproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.wslproxy.app.InstanceLock;
import io.github.wslproxy.app.RunningInstance;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is said of a program that was started in the background. */
@Timeout(60)
class StartWatchTest extends LogonFixture {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** It is over before this one has looked twice. */
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    private StartWatch watch(Duration patience) {
        return watch(patience, () -> Thread.sleep(1));
    }

    private StartWatch watch(Duration patience, StartWatch.Pause pause) {
        return new StartWatch(config, state, state.log(), patience, pause);
    }

    private String report(StartWatch watch) throws Exception {
        watch.report(new PrintWriter(out, true), OptionalInt::empty);
        return out.toString();
    }

    private static String failure(StartWatch watch, OptionalInt exitStatus) {
        IOException failure = catchThrowableOfType(
                IOException.class, () -> watch.report(new PrintWriter(PrintWriter.nullWriter()), () -> exitStatus));
        return String.valueOf(failure.getMessage());
    }

    /** The log may be that of an earlier run, or tell of a fault that the start survives. */
    @Test
    void anErrorInTheLogAloneIsNoFailure() throws Exception {
        StartWatch watch = watch(LONG, this::startProgramAndWait);
        writeLog(state.log(), "2026-11-22 09:00:00.000 ERROR a forward cannot listen\n");

        assertThat(report(watch)).contains("tcp-3000", "It runs in the background as pid " + OWN_PID);
    }

    @Test
    void aFailureIsSaidAsTheProgramSaidIt() {
        StartWatch watch = watch(LONG);
        failProgram("no forward can listen");

        assertThat(failure(watch, OptionalInt.empty()))
                .isEqualTo("it did not start: no forward can listen (its log: " + state.log() + ")");
    }

    @Test
    void theFailureOfAnEarlierRunIsNotThatOfThisOne() throws Exception {
        failProgram("long ago");
        StartWatch watch = watch(LONG);

        startProgram();
        assertThat(report(watch)).contains("tcp-3000");
    }

    @Test
    void aFailureIsGoneWhenTheNextOneStarts() throws Exception {
        failProgram("long ago");
        startProgramAndWait();
        RunningInstance.stop(config, state, LONG);

        try (Stream<Path> left = Files.list(state.path().resolve("run"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void whoSaysNothingInTimeIsToldWithWhatIsKnown() throws Exception {
        StartWatch silent = watch(AT_ONCE);
        assertThat(failure(silent, OptionalInt.empty()))
                .isEqualTo(
                        "it did not start within 0 seconds; it has written nothing to its log (" + state.log() + ")");

        StartWatch ended = watch(AT_ONCE);
        writeLog(state.log(), "one\ntwo\n");
        assertThat(failure(ended, OptionalInt.of(1)).lines())
                .containsExactly(
                        "it did not start within 0 seconds; its process ended with status 1; its log (" + state.log()
                                + ") says:",
                        "one",
                        "two");
    }

    /** One that is killed, or one of an earlier version, leaves no word. */
    @Test
    void whoBeganAndIsGoneIsNotWaitedFor() throws Exception {
        InstanceLock starting = InstanceLock.take(config, state);
        StartWatch watch = watch(LONG, starting::close);

        assertThat(failure(watch, OptionalInt.of(137)))
                .startsWith("it ended before it had started; its process ended with status 137; ");
    }

    @Test
    void aFileOfAnEarlierVersionIsNoFailure() throws Exception {
        startProgramAndWait();
        RunningInstance.stop(config, state, LONG);
        failProgram("x");
        try (Stream<Path> files = Files.list(state.path().resolve("run"))) {
            Files.writeString(files.findAny().orElseThrow(), "4711\nstarted\nend\n");
        }

        assertThatThrownBy(() -> report(watch(AT_ONCE))).hasMessageContaining("did not start within");
    }
}
