package io.github.wslproxy.cli;

import io.github.wslproxy.app.Logging;
import io.github.wslproxy.app.StateDirectory;
import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.StatusAnswer;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Shows the state of the running proxy. */
@Command(
        name = "status",
        description =
                "Shows the state of the running wslproxy: where WSL is, what is forwarded, who is connected, problems."
                        + " Exit status 1 if none runs, or if it runs another configuration.",
        footer = {"", "Example: wslproxy status", "         wslproxy status --watch", "         wslproxy status --json"
        })
final class StatusCommand extends SubCommand {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    @Option(
            names = "--watch",
            description =
                    "Go on until Ctrl-C: on a terminal a table with rates, drawn anew each second; into a pipe a line"
                            + " for each change, until wslproxy ends (status 1).")
    private boolean watch;

    @Option(names = "--json", description = "Print the JSON document of /api/status.")
    private boolean json;

    private final StateDirectory state;
    private final Clock clock;

    /** Picocli calls this. */
    StatusCommand() {
        this(StateDirectory.ofThisUser(), Clock.system(ZoneId.systemDefault()));
    }

    StatusCommand(StateDirectory state, Clock clock) {
        this.state = state;
        this.clock = clock;
    }

    @Override
    public Integer call() throws Exception {
        Logging.errorsOnly(isVerbose());
        if (watch && json) {
            throw new ParameterException(commandLine(), "--json cannot be combined with --watch");
        }
        StatusAddress address = StatusAddress.of(this, state);
        StatusAnswer.Running running = address.running();
        Optional<String> other = address.otherConfiguration(running.snapshot());
        if (other.isPresent() && watch) {
            throw new IOException(other.get());
        }
        if (json) {
            out().print(Terminal.ascii(running.document()));
        } else if (!watch) {
            int room = (Terminal.isThere() ? Terminal.Size.ask() : Terminal.Size.UNLIMITED).columns();
            OwnCommand commands = other.isPresent() ? about(running.snapshot().config()) : ownCommand();
            text(running.snapshot(), Optional.empty(), commands).lines(room).forEach(out()::println);
        } else if (Terminal.redraws()) {
            watchOnScreen(address);
        } else {
            watchInLines(address, running.snapshot());
        }
        out().flush();
        other.ifPresent(what -> err().println("wslproxy: " + what));
        return other.isPresent() ? ExitCode.FAILED : ExitCode.OK;
    }

    /** Commands to copy have to name the file that has the forward, which is the one that runs. */
    private OwnCommand about(String config) {
        try {
            return OwnCommand.naming(Path.of(config));
        } catch (InvalidPathException notHere) {
            return ownCommand();
        }
    }

    private StatusView text(Snapshot snapshot, Optional<ForwardTable.Rates> rates, OwnCommand commands) {
        return new StatusView(snapshot, rates, clock.instant(), clock.getZone(), commands);
    }

    /** Goes on when the proxy has ended, as somebody who watches it start anew wants to see that. */
    private void watchOnScreen(StatusAddress address) throws IOException {
        AtomicReference<Terminal.Size> size = new AtomicReference<>(Terminal.Size.ask());
        ProcessExit.onSignal("WINCH", () -> size.set(Terminal.Size.ask()));
        try (Terminal.Screen screen = new Terminal.Screen(out(), size::get)) {
            ProcessExit.interruptOnSignal(screen::close);
            @Nullable Look last = null;
            while (!Thread.currentThread().isInterrupted()) {
                StatusAnswer answer = address.ask();
                @Nullable
                Look look = answer instanceof StatusAnswer.Running running
                        ? new Look(running.snapshot(), System.nanoTime())
                        : null;
                screen.draw(
                        look == null
                                ? absence(address, answer)
                                : text(look.snapshot(), rates(last, look), ownCommand())
                                        .lines(screen.columns()));
                last = look;
                TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
            }
        } catch (InterruptedException enough) {
            Thread.currentThread().interrupt();
        }
    }

    private record Look(Snapshot snapshot, long nanoTime) {}

    private static Optional<ForwardTable.Rates> rates(@Nullable Look last, Look now) {
        return Optional.of(
                last == null
                        ? new ForwardTable.Rates(now.snapshot(), now.snapshot(), INTERVAL)
                        : new ForwardTable.Rates(
                                last.snapshot(), now.snapshot(), Duration.ofNanos(now.nanoTime() - last.nanoTime())));
    }

    private static List<String> absence(StatusAddress address, StatusAnswer answer) {
        return List.of(String.valueOf(address.failure(answer).getMessage()));
    }

    private void watchInLines(StatusAddress address, Snapshot first) throws IOException {
        ProcessExit.interruptOnSignal();
        StatusLines lines = new StatusLines();
        Snapshot now = first;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                String at = StatusView.TIME.format(clock.instant().atZone(clock.getZone()));
                lines.next(now).forEach(line -> out().println(at + " " + line));
                // The reader, such as head, may be gone.
                if (out().checkError()) {
                    return;
                }
                TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
                StatusAnswer answer = address.ask();
                if (answer instanceof StatusAnswer.Running running) {
                    now = running.snapshot();
                } else if (!Thread.currentThread().isInterrupted()) {
                    throw address.failure(answer);
                }
            }
        } catch (InterruptedException enough) {
            Thread.currentThread().interrupt();
        }
    }
}
