package io.github.wslproxy.testing;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.CommandRunner;
import io.github.wslproxy.os.ConsoleText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;

/** Gives prepared answers, in order, and remembers what was run. */
public final class FakeRunner implements CommandRunner {
    public static final Duration TOOK = Duration.ofMillis(80);

    private final Queue<CommandResult> answers = new ArrayDeque<>();
    private Function<List<String>, CommandResult> otherwise = command -> {
        throw new AssertionError("nobody expected " + command);
    };
    private final List<List<String>> commands = new ArrayList<>();

    public static CommandResult ended(int exit, String output) {
        return ended(exit, output.getBytes(StandardCharsets.UTF_8));
    }

    public static CommandResult ended(int exit, byte[] output) {
        return new CommandResult.Ended(exit, ConsoleText.decode(output), "", TOOK);
    }

    public FakeRunner thenPrints(String output) {
        return then(ended(0, output));
    }

    public FakeRunner then(CommandResult result) {
        answers.add(result);
        return this;
    }

    /** Once the prepared answers are used up. */
    public FakeRunner alwaysThen(Function<List<String>, CommandResult> answer) {
        otherwise = answer;
        return this;
    }

    @Override
    public CommandResult run(List<String> command, Duration timeout) {
        commands.add(command);
        CommandResult next = answers.poll();
        return next == null ? otherwise.apply(command) : next;
    }

    /** The commands since the last call, each in one line. */
    public List<String> ranSince() {
        List<String> lines =
                commands.stream().map(command -> String.join(" ", command)).toList();
        commands.clear();
        return lines;
    }
}
