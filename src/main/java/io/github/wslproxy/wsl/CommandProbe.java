package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.CommandRunner;
import io.github.wslproxy.os.Excerpt;
import io.github.wslproxy.wsl.ProbeFailure.Kind;
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
 * Runs the user's own {@code [wsl] command} and reads its stdout as addresses, and what follows them as tables of
 * sockets. Every depth runs it.
 */
final class CommandProbe implements WslProbe {
    private static final Logger log = LoggerFactory.getLogger(CommandProbe.class);

    private static final String NO_TABLE = "[wsl] command printed no table of sockets, so [auto] sees no port; let it"
            + " print, after the addresses, /proc/net/tcp, tcp6, udp and udp6 of WSL as cat does";

    private static final String PRINT_IT =
            "let it print the address of the VM, as hostname -I does, or nothing while the VM is stopped";

    private static final String OF_HOSTS = "\"hostname -i\" prints such a placeholder out of /etc/hosts: use"
            + " \"hostname -I\", with a capital I; if you mean this computer, set it as [wsl] address in proxy.toml, and"
            + " take command out";

    /** Addresses of one VM are a few lines; whatever prints more is not what was meant. */
    private static final int MOST_BEFORE_TABLES = 4096;

    private final List<String> command;
    private final Duration timeout;
    private final Supplier<Optional<InetAddress>> inUse;
    private final boolean withSockets;
    private final CommandRunner runner;
    private final LocalNetworks networks;
    private final Function<String, Optional<String>> programs;
    private boolean saidNoTable;

    /**
     * @param inUse where the VM was until now
     * @param withSockets whether tables of sockets are expected
     * @param programs what to start for the first word of the command
     */
    CommandProbe(
            List<String> command,
            Duration timeout,
            Supplier<Optional<InetAddress>> inUse,
            boolean withSockets,
            CommandRunner runner,
            LocalNetworks networks,
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
        if (result instanceof CommandResult.Ended ended && ended.exit() == 0) {
            ProcNetTables tables = new ProcNetTables(ended.output());
            if (tables.before().length() > MOST_BEFORE_TABLES) {
                CommandResult tooLong = new CommandResult.TooLong(MOST_BEFORE_TABLES, ended.took());
                return report(words, tooLong, new ProbeOutcome.Failed(WslFailures.of(tooLong)), List.of());
            }
            ProbeReport report = read(words, ended, tables.before());
            return withSockets ? withSockets(report, tables) : report;
        }
        return report(words, result, new ProbeOutcome.Failed(WslFailures.of(result)), List.of());
    }

    private ProbeReport withSockets(ProbeReport report, ProcNetTables tables) {
        boolean missing = tables.sockets().isEmpty() && report.outcome() instanceof ProbeOutcome.Found;
        if (missing && !saidNoTable) {
            saidNoTable = true;
            log.warn("{}", NO_TABLE);
        }
        return report.with(tables.sockets());
    }

    private ProbeReport read(List<String> words, CommandResult.Ended ended, String addresses) {
        Set<InetAddress> seen = AddressOutput.addresses(addresses);
        seen.removeIf(address -> !NonVmAddresses.isOfOneComputer(address));
        if (ended.output().isBlank()) {
            return report(words, ended, new ProbeOutcome.Down("[wsl] command printed nothing"), List.of());
        }
        if (seen.isEmpty()) {
            String brief = "[wsl] command printed no address";
            String detail = brief + " but " + Excerpt.of(ended.output());
            ProbeFailure failure = new ProbeFailure(Kind.NO_ADDRESS, brief, detail, PRINT_IT);
            return report(words, ended, new ProbeOutcome.Failed(failure), List.of());
        }
        List<LocalNetwork> here = networks.list();
        if (seen.size() == 1) {
            return report(words, ended, only(seen.iterator().next(), here), List.of());
        }
        AddressChoice choice = new AddressChoice(seen, here, inUse.get());
        return report(words, ended, choice.outcome(), choice.steps());
    }

    private static ProbeOutcome only(InetAddress address, List<LocalNetwork> here) {
        Optional<String> why = new NonVmAddresses(here).why(address);
        if (why.isEmpty()) {
            return new ProbeOutcome.Found(address, "as [wsl] command says");
        }
        String detail = "[wsl] command printed " + IpLiteral.text(address) + ", which " + why.get();
        return new ProbeOutcome.Failed(
                NonVmAddresses.isOfHosts(address)
                        ? new ProbeFailure(Kind.NOT_THE_VM, detail, OF_HOSTS)
                        : new ProbeFailure(Kind.NOT_THE_VM, detail));
    }

    private static ProbeReport report(
            List<String> words, CommandResult result, ProbeOutcome outcome, List<ProbeStep> more) {
        List<ProbeStep> steps = new ArrayList<>(List.of(ProbeStep.ran(words, result, outcome.summary())));
        steps.addAll(more);
        return new ProbeReport(outcome, steps);
    }

    private ProbeReport notFound() {
        String detail = "there is no program " + Excerpt.of(command.get(0)) + " in PATH";
        ProbeOutcome outcome = new ProbeOutcome.Failed(new ProbeFailure(Kind.PROGRAM_NOT_FOUND, detail));
        return new ProbeReport(outcome, List.of(ProbeStep.noted("PATH", detail)));
    }
}
