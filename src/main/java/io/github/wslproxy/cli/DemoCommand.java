package io.github.wslproxy.cli;

import io.github.wslproxy.app.Logging;
import io.github.wslproxy.demo.Demo;
import io.github.wslproxy.forward.Durations;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Shows the whole thing on this computer, without WSL. */
@Command(
        name = "demo",
        description = "Shows the whole thing on this computer, without WSL: a pretend VM that restarts and moves.",
        footer = {"", "Example: wslproxy demo --for 20s"})
final class DemoCommand extends SubCommand {
    @Option(
            names = "--for",
            paramLabel = "DURATION",
            converter = Converters.DurationConverter.class,
            description = "End by itself after so long, such as 20s: status 0 if every check held, 1 if not.")
    private @Nullable Duration limit;

    @Override
    public Integer call() throws Exception {
        Logging.errorsOnly(isVerbose());
        ProcessExit.interruptOnSignal();
        UncaughtFailures failures = UncaughtFailures.install(err(), isVerbose());
        failures.interruptThisThread();
        if (limit != null && limit.compareTo(Demo.SHORTEST) < 0) {
            throw new ParameterException(
                    commandLine(),
                    "--for " + Durations.format(limit) + " is too short for the VM to move (expected 8s or more)");
        }
        Demo demo = new Demo(out());
        boolean held = demo.run(Optional.ofNullable(limit));
        Logging.flush();
        return held ? failures.exitCode() : ExitCode.FAILED;
    }
}
