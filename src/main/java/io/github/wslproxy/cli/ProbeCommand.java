package io.github.wslproxy.cli;

import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.target.WslSettings;
import io.github.wslproxy.wsl.ProbeReport;
import io.github.wslproxy.wsl.WslProbes;
import java.net.InetAddress;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Asks once where WSL is and prints each step. */
@Command(
        name = "probe",
        description = "Asks once where WSL is: what was run, what came back, what was chosen, and why.",
        footer = {"", "Example: wslproxy probe --config proxy.toml"})
final class ProbeCommand extends SubCommand {
    @Override
    public Integer call() throws Exception {
        WslSettings settings = ConfigFile.read(configFile()).wsl();
        Optional<InetAddress> fixed = settings.address();
        if (fixed.isPresent()) {
            out().println("nothing is asked: [wsl] address is " + IpLiteral.text(fixed.get()));
            return ExitCode.OK;
        }
        ProcessExit.interruptOnSignal(); // Ctrl-C ends wsl.exe, too.
        ProbeReport report = WslProbes.askOnce(settings);
        report.lines().forEach(out()::println);
        return report.hasAddress() ? ExitCode.OK : ExitCode.FAILED;
    }
}
