package io.github.wslproxy.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.wslproxy.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class ProcessRunnerTest {
    private static final int MOST_OUTPUT = 4096;
    private static final Duration AMPLE = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final CommandRunner runner = new ProcessRunner(Optional.empty(), MOST_OUTPUT);

    @TempDir
    private Path folder;

    @BeforeEach
    void shellIsNeeded() {
        assumeFalse(OperatingSystem.isWindows(), "the processes of these tests are those of /bin/sh");
    }

    @Test
    void outputStatusAndTimeComeBack() {
        CommandResult.Ended ended = ended(shell("echo 10.1.2.3; exit 3", AMPLE));

        assertThat(ended.exit()).isEqualTo(3);
        assertThat(ended.output()).isEqualTo("10.1.2.3\n");
        assertThat(ended.took()).isPositive().isLessThan(AMPLE);
    }

    @Test
    void utf16IsDecoded() {
        assertThat(ended(shell("printf 'U\\000b\\000\\n\\000'", AMPLE)).output())
                .isEqualTo("Ub\n");
    }

    @Test
    void wslIsAskedForUtf8() {
        assertThat(ended(shell("echo $WSL_UTF8", AMPLE)).output()).isEqualTo("1\n");
    }

    @Test
    void stdinIsClosed() {
        assertThat(ended(shell("read line && echo open || echo closed", AMPLE)).output())
                .isEqualTo("closed\n");
    }

    @Test
    void noShellReadsTheArguments() {
        CommandResult result = runner.run(List.of("echo", "$HOME;", "*"), AMPLE);

        assertThat(ended(result).output()).isEqualTo("$HOME; *\n");
    }

    @Test
    void stderrIsKeptApartEvenWhenItFloods() {
        CommandResult.Ended ended = ended(shell("yes wsl: warning | head -c 3000000 >&2; echo 10.1.2.3", AMPLE));

        assertThat(ended.output()).isEqualTo("10.1.2.3\n");
        assertThat(ended.errors()).startsWith("wsl: warning\n").hasSizeLessThanOrEqualTo(MOST_OUTPUT);
    }

    @Test
    void exactlyTheMostIsNotTooLong() {
        assertThat(ended(shell("head -c 4096 /dev/zero | tr '\\0' x", AMPLE)).output())
                .hasSize(4096);
        assertThat(shell("head -c 4097 /dev/zero | tr '\\0' x", AMPLE)).isInstanceOf(CommandResult.TooLong.class);
    }

    @Test
    void endlessOutputIsKilled() throws Exception {
        Path pids = folder.resolve("pids");

        CommandResult result = shell("echo $$ > " + pids + "; yes 10.1.2.3", AMPLE);

        assertThat(result).isInstanceOf(CommandResult.TooLong.class);
        assertEnded(pids);
    }

    @Test
    void atTheDeadlineTheProcessIsKilledWithItsChildren() throws Exception {
        Path pids = folder.resolve("pids");

        CommandResult result =
                shell("echo 10.1; echo $$ > %1$s; sleep 1000 & echo $! >> %1$s; sleep 1000".formatted(pids), SHORT);

        assertThat(result)
                .asInstanceOf(InstanceOfAssertFactories.type(CommandResult.TimedOut.class))
                .satisfies(late -> assertThat(late.output()).isEqualTo("10.1\n"), late -> assertThat(late.took())
                        .isBetween(SHORT, AMPLE));
        assertEnded(pids);
        assertThat(ProcessHandle.current().descendants())
                .noneMatch(each -> each.info().commandLine().orElse("").contains("sleep 1000"));
    }

    @Test
    void aProcessThatIgnoresSignalsIsKilledToo() throws Exception {
        Path pids = folder.resolve("pids");

        assertThat(shell("trap '' TERM INT HUP; echo $$ > " + pids + "; while :; do sleep 1; done", SHORT))
                .isInstanceOf(CommandResult.TimedOut.class);
        assertEnded(pids);
    }

    @Test
    void aGrandchildThatKeepsThePipeOpenHoldsNobodyUpAndIsNotLeft() throws Exception {
        Path pids = folder.resolve("pids");

        CommandResult result = shell("sleep 1000 & echo $! > " + pids + "; echo 10.1.2.3; sleep 0.3", AMPLE);

        assertThat(ended(result).output()).isEqualTo("10.1.2.3\n");
        assertThat(result.took()).isLessThan(AMPLE.dividedBy(2));
        assertEnded(pids);
    }

    @Test
    void aMissingProgramIsNotStarted() {
        assertThat(runner.run(List.of("/no/such/program"), AMPLE).summary()).startsWith("not started");
    }

    @Test
    void aFileThatIsNoProgramIsNotStarted() throws Exception {
        Path text = Files.writeString(folder.resolve("text"), "10.1.2.3");

        assertThat(runner.run(List.of(text.toString()), AMPLE)).isInstanceOf(CommandResult.NotStarted.class);
    }

    @Test
    void anInterruptEndsItAndStaysSet() throws Exception {
        Path pids = folder.resolve("pids");
        CompletableFuture<Boolean> stillInterrupted = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            CommandResult result = shell("echo $$ > " + pids + "; sleep 1000", AMPLE);
            stillInterrupted.complete(result instanceof CommandResult.Interrupted && Thread.interrupted());
        });
        caller.start();
        while (!Files.exists(pids) || Files.size(pids) == 0) {
            Thread.onSpinWait();
        }

        caller.interrupt();

        assertThat(stillInterrupted.get(20, TimeUnit.SECONDS)).isTrue();
        assertEnded(pids);
    }

    @Test
    void theWorkingDirectoryIsTheOneGiven() {
        CommandResult result = new ProcessRunner(Optional.of(folder), MOST_OUTPUT).run(List.of("pwd", "-P"), AMPLE);

        assertThat(Path.of(ended(result).output().strip()).getFileName()).isEqualTo(folder.getFileName());
    }

    private CommandResult shell(String script, Duration timeout) {
        return runner.run(List.of("/bin/sh", "-c", script), timeout);
    }

    private static CommandResult.Ended ended(CommandResult result) {
        assertThat(result).isInstanceOf(CommandResult.Ended.class);
        return (CommandResult.Ended) result;
    }

    /** A kill is carried out by the system a little later. */
    private static void assertEnded(Path pids) throws Exception {
        List<String> lines = Files.readAllLines(pids);
        assertThat(lines).isNotEmpty();
        for (String line : lines) {
            Optional<ProcessHandle> left = ProcessHandle.of(Long.parseLong(line));
            if (left.isPresent()) {
                left.get().onExit().get(10, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs sh")
    void aDetachedProcessRunsWithoutInputAndOutputInItsFolder() throws Exception {
        Supplier<OptionalInt> exitStatus = ProcessRunner.startDetached(
                List.of(
                        "sh",
                        "-c",
                        "cat; echo unheard; echo unheard >&2; pwd -P > place.new; mv place.new place;"
                                + " until [ -e end ]; do sleep 0.01; done; exit 7"),
                folder);

        Path place = folder.resolve("place");
        Await.until(() -> Files.exists(place));
        assertThat(place).hasContent(folder.toRealPath() + "\n");
        assertThat(exitStatus.get()).isEmpty();

        Files.createFile(folder.resolve("end"));
        Await.until(() -> exitStatus.get().isPresent());
        assertThat(exitStatus.get()).hasValue(7);
    }

    @Test
    void aProgramThatIsNotThereCannotBeStartedDetached() {
        assertThatThrownBy(() -> ProcessRunner.startDetached(List.of("no-such-program-here"), folder))
                .isInstanceOf(IOException.class);
    }
}
