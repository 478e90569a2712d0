package io.github.wslproxy.cli;

import io.github.wslproxy.app.Discovery;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.config.WslSettings;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.wsl.ProbeOutcome;
import io.github.wslproxy.wsl.ProbeReport;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Asks once where WSL is and prints each step. */
@Command(
        name = "probe",
        mixinStandardHelpOptions = true,
        description = "Asks once where WSL is: what was run, what came back, what was chosen, and why.",
        footer = {"", "Example: wslproxy probe --config proxy.toml"})
final class ProbeCommand implements Callable<Integer> {
    @ParentCommand
    private WslProxyCommand parent;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        WslSettings settings = ConfigFile.read(parent.configFile()).wsl();
        Optional<InetAddress> fixed = settings.address();
        if (fixed.isPresent()) {
            out.println("nothing is asked: [wsl] address is " + IpLiteral.text(fixed.get()));
            return ExitCode.OK;
        }
        ProbeReport report = Discovery.askOnce(settings);
        report.lines().forEach(out::println);
        boolean known =
                report.outcome() instanceof ProbeOutcome.Found || report.outcome() instanceof ProbeOutcome.OnLan;
        return known ? ExitCode.OK : ExitCode.FAILED;
    }
}
