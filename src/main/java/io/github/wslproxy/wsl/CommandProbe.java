package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.CommandRunner;
import io.github.wslproxy.os.LocalNetwork;
import io.github.wslproxy.os.SafeText;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.wsl.ProbeFailure.Kind;
import io.github.wslproxy.wsl.ProbeReport.Step;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the user's own {@code [wsl] command} and reads its stdout: addresses first, and then, perhaps, tables of
 * sockets. The command is run at every depth.
 */
final class CommandProbe implements WslProbe {
    private static final Logger log = LoggerFactory.getLogger(CommandProbe.class);

    private static final String NO_TABLE = "[wsl] command printed no table of sockets, so [auto] sees no port; let it"
            + " print, after the addresses, /proc/net/tcp, tcp6, udp and udp6 of WSL as cat does";

    private static final String PRINT_IT =
            "let it print the address of the VM, as hostname -I does, or nothing while the VM is stopped";

    private static final String PRINTS_PLACEHOLDER = "\"hostname -i\" prints such a placeholder out of /etc/hosts: use"
            + " \"hostname -I\", with a capital I; if you mean this computer, set it as [wsl] address in proxy.toml,"
            + " and take command out";

    /** Addresses of one VM are a few lines; whatever prints more is not what was meant. */
    private static final int MOST_BEFORE_TABLES = 4096;

    private final List<String> command;
    private final Duration timeout;
    private final Supplier<Optional<InetAddress>> inUse;
    private final boolean withSockets;
    private final CommandRunner runner;
    private final Supplier<List<LocalNetwork>> networks;
    private final Function<String, Optional<String>> programs;
    private boolean saidNoTable;

    /**
     * @param inUse where the VM was until now
     * @param withSockets whether tables of sockets are expected
     * @param programs finds the program that the first word of the command names
     */
    CommandProbe(
            List<String> command,
            Duration timeout,
            Supplier<Optional<InetAddress>> inUse,
            boolean withSockets,
            CommandRunner runner,
            Supplier<List<LocalNetwork>> networks,
            Function<String, Optional<String>> programs) {
        this.command = List.copyOf(command);
        this.timeout = timeout;
        this.inUse = inUse;
        this.withSockets = withSockets;
        this.runner = runner;
        this.networks = networks;
        this.programs = programs;
    }

    @Override
    public ProbeReport probe(Depth depth) {
        Optional<String> program = programs.apply(command.get(0));
        if (program.isEmpty()) {
            return notFound();
        }
        List<String> words = new ArrayList<>(command);
        words.set(0, program.get());
        CommandResult result = runner.run(words, timeout);
        if (!(result instanceof CommandResult.Ended ended && ended.exit() == 0)) {
            return failed(words, result);
        }
        ProcNetTables tables = new ProcNetTables(ended.output());
        if (tables.before().length() > MOST_BEFORE_TABLES) {
            return failed(words, new CommandResult.TooLong(MOST_BEFORE_TABLES, ended.took()));
        }
        ProbeReport read = ended.output().isBlank()
                ? ProbeReport.learned(new TargetState.Down("[wsl] command printed nothing"))
                : read(ended, tables.before());
        ProbeReport report = read.after(Step.ran(words, result, read.summary()));
        return withSockets ? withSockets(report, tables) : report;
    }

    private static ProbeReport failed(List<String> words, CommandResult result) {
        ProbeReport failed = ProbeReport.failed(ProbeFailure.ofCommand(result));
        return failed.after(Step.ran(words, result, failed.summary()));
    }

    private ProbeReport withSockets(ProbeReport report, ProcNetTables tables) {
        boolean missing = tables.sockets().isEmpty() && report.state() instanceof TargetState.Up;
        if (missing && !saidNoTable) {
            saidNoTable = true;
            log.warn("{}", NO_TABLE);
        }
        return report.withSockets(tables.sockets());
    }

    private ProbeReport read(CommandResult.Ended ended, String addresses) {
        Set<InetAddress> seen = AddressOutput.addresses(addresses);
        seen.removeIf(address -> !NonVmAddresses.isOfOneComputer(address));
        if (seen.isEmpty()) {
            String brief = "[wsl] command printed no address";
            String detail = brief + " but " + SafeText.excerpt(ended.output());
            return ProbeReport.failed(
                    ProbeFailure.of(Kind.NO_ADDRESS, brief, detail).advising(PRINT_IT));
        }
        List<LocalNetwork> here = networks.get();
        return seen.size() == 1 ? only(seen.iterator().next(), here) : AddressChoice.of(seen, here, inUse.get());
    }

    private static ProbeReport only(InetAddress address, List<LocalNetwork> here) {
        Optional<String> why = new NonVmAddresses(here).why(address);
        if (why.isEmpty()) {
            return ProbeReport.learned(new TargetState.Up(address, "as [wsl] command says"));
        }
        ProbeFailure failure = ProbeFailure.of(
                Kind.NOT_THE_VM, "[wsl] command printed " + IpLiteral.text(address) + ", which " + why.get());
        return ProbeReport.failed(NonVmAddresses.isOfHosts(address) ? failure.advising(PRINTS_PLACEHOLDER) : failure);
    }

    private ProbeReport notFound() {
        String detail = "there is no program " + SafeText.excerpt(command.get(0)) + " in PATH";
        return ProbeReport.failed(ProbeFailure.of(Kind.PROGRAM_NOT_FOUND, detail), Step.noted("PATH", detail));
    }
}
