package io.github.wslproxy.wsl;

import io.github.wslproxy.process.CommandResult;
import io.github.wslproxy.process.CommandRunner;
import io.github.wslproxy.process.Excerpt;
import io.github.wslproxy.wsl.ProbeFailure.Kind;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the user's own {@code [wsl] command} and reads its stdout as addresses, and what follows them as tables of sockets.
 * Every depth runs it.
 */
final class CommandProbe implements WslProbe {
    private static final Logger log = LoggerFactory.getLogger(CommandProbe.class);

    private static final String NO_TABLE = "[wsl] command printed no table of sockets, so [auto] sees no port; let it"
            + " print, after the addresses, /proc/net/tcp, tcp6, udp and udp6 of WSL as cat does";

    /** Addresses of one VM are a few lines; whatever prints more is not what was meant. */
    private static final int MOST_BEFORE_TABLES = 4096;

    private final List<String> command;
    private final Duration timeout;
    private final boolean withSockets;
    private final CommandRunner runner;
    private final LocalNetworks networks;
    private final Function<String, Optional<String>> programs;
    private boolean saidNoTable;

    /**
     * @param withSockets whether tables of sockets are expected
     * @param programs what to start for the first word of the command
     */
    CommandProbe(
            List<String> command,
            Duration timeout,
            boolean withSockets,
            CommandRunner runner,
            LocalNetworks networks,
            Function<String, Optional<String>> programs) {
        this.command = List.copyOf(command);
        this.timeout = timeout;
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
        seen.removeIf(address -> !AddressChoice.isOfOneComputer(address));
        if (ended.output().isBlank()) {
            return report(words, ended, new ProbeOutcome.Down("[wsl] command printed nothing"), List.of());
        }
        if (seen.isEmpty()) {
            String detail = "[wsl] command printed no address but " + Excerpt.of(ended.output());
            return report(words, ended, new ProbeOutcome.Failed(new ProbeFailure(Kind.NO_ADDRESS, detail)), List.of());
        }
        if (seen.size() == 1) {
            ProbeOutcome only = new ProbeOutcome.Found(seen.iterator().next(), "[wsl] command printed it");
            return report(words, ended, only, List.of());
        }
        AddressChoice choice = new AddressChoice(seen, networks.list());
        return report(words, ended, choice.outcome(), choice.steps());
    }

    private static ProbeReport report(
            List<String> words, CommandResult result, ProbeOutcome outcome, List<ProbeStep> more) {
        List<ProbeStep> steps = new ArrayList<>(List.of(ProbeStep.ran(words, result, outcome.summary())));
        steps.addAll(more);
        return new ProbeReport(outcome, steps);
    }

    private ProbeReport notFound() {
        String detail = "no program " + Excerpt.of(command.get(0)) + " in PATH";
        ProbeOutcome outcome = new ProbeOutcome.Failed(new ProbeFailure(Kind.PROGRAM_NOT_FOUND, detail));
        return new ProbeReport(outcome, List.of(ProbeStep.noted("PATH", detail)));
    }
}
