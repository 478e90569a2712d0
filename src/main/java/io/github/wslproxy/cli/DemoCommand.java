package io.github.wslproxy.cli;

import io.github.wslproxy.app.Logging;
import io.github.wslproxy.demo.Demo;
import io.github.wslproxy.demo.DemoView;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows the whole thing on this computer, without WSL. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Shows the whole thing on this computer, without WSL: a pretend VM that restarts and moves.",
        footer = {"", "Example: wslproxy demo --for 20s"})
final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--for",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "End by itself after so long, such as 20s: status 0 if every check held, 1 if not.")
    private @Nullable Duration limit;

    @ParentCommand
    private WslProxyCommand parent;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Logging.errorsOnly(parent.isVerbose());
        StopSignals.interruptThisThread();
        Demo demo = new Demo(DemoView.on(spec.commandLine().getOut(), Ansi.AUTO.enabled()));
        boolean held = demo.run(Optional.ofNullable(limit));
        Logging.flush();
        return held ? ExitCode.OK : ExitCode.FAILED;
    }
}
