package io.github.wslproxy.cli;

import io.github.wslproxy.os.OwnCommand;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What every command after {@code wslproxy} has. */
@Command(mixinStandardHelpOptions = true, versionProvider = WslProxyCommand.VersionLine.class)
abstract class SubCommand implements Callable<Integer> {
    @ParentCommand
    private WslProxyCommand parent;

    @Spec
    private CommandSpec spec;

    final CommandLine commandLine() {
        return spec.commandLine();
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    final Path configFile() {
        return parent.configFile();
    }

    final boolean isConfigNamed() {
        return parent.isConfigNamed();
    }

    /** Makes commands to be copied, with the configuration that this one has. */
    final OwnCommand ownCommand() {
        return parent.ownCommand();
    }

    final boolean isVerbose() {
        return parent.isVerbose();
    }
}
