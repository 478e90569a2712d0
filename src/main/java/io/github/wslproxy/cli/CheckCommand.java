package io.github.wslproxy.cli;

import io.github.wslproxy.config.AccessParser;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.config.Warnings;
import io.github.wslproxy.forward.Durations;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.forward.ProxyProtocol;
import io.github.wslproxy.os.SafeText;
import io.github.wslproxy.target.WslSettings;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** Reads the configuration and prints every problem, or the plan if there is none. */
@Command(
        name = "check",
        description = "Prints every problem of the configuration, or the plan if there is none.",
        footer = {"", "Example: wslproxy check --config proxy.toml"})
final class CheckCommand extends SubCommand {
    @Override
    public Integer call() throws Exception {
        Settings settings = ConfigFile.read(configFile());
        TextTable table = new TextTable("FORWARD", "PROTOCOL", "LISTENS ON", "GOES TO", "MAY COME IN");
        for (Forward forward : settings.possible()) {
            table.row(
                    forward.name(),
                    forward.protocolWord(),
                    listens(forward),
                    goesTo(forward),
                    AccessParser.of(forward.access()));
        }
        table.lines().forEach(out()::println);
        if (settings.auto().isPresent()) {
            out().println("Each auto- port is forwarded only while a server in WSL listens on it.");
        }
        if (!settings.switchedOff().isEmpty()) {
            out().println("Switched off by enabled = false: " + String.join(", ", settings.switchedOff()));
        }
        out().println("WSL: " + discovery(settings.wsl()));
        Warnings.of(settings).forEach(caution -> out().println("Warning: " + caution + "."));
        out().println(configFile() + " is valid.");
        return ExitCode.OK;
    }

    private static String listens(Forward forward) {
        return forward.listens().stream().map(Endpoint::toString).collect(Collectors.joining(" "));
    }

    private static String goesTo(Forward forward) {
        if (forward.proxyProtocol() == ProxyProtocol.OFF || !forward.protocols().contains(Protocol.TCP)) {
            return forward.target().toString();
        }
        String onlyTcp = forward.protocols().contains(Protocol.UDP) ? ", tcp only" : "";
        return forward.target() + " (proxy_protocol " + forward.proxyProtocol() + onlyTcp + ")";
    }

    private static String discovery(WslSettings wsl) {
        if (wsl.address().isPresent()) {
            return "always at " + IpLiteral.text(wsl.address().get());
        }
        String who = wsl.command().isEmpty()
                ? "wsl.exe" + wsl.distribution().map(name -> " about " + name).orElse("")
                : SafeText.command(wsl.command());
        return "asked every " + Durations.format(wsl.interval()) + ": " + who;
    }
}
