package io.github.wslproxy.windows;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.testing.FakeRunner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A Windows computer whose tools answer what they were told; the others answer nothing with status 0, as Wine's do. */
public final class FakeWindows {
    static final long OWN_PID = 7777;

    private static final String TOOLS = "C:\\WINDOWS\\System32\\";

    private final Map<String, CommandResult> answers = new LinkedHashMap<>();
    private final FakeRunner runner = new FakeRunner();
    private final List<String> ran = new ArrayList<>();
    private Consumer<List<String>> effect = command -> {};

    public FakeWindows() {
        runner.alwaysThen(this::answer);
    }

    /**
     * Prepares an answer.
     *
     * @param command how it begins, without the folder and the .exe of the tool
     */
    public FakeWindows when(String command, String output) {
        return when(command, FakeRunner.ended(0, output));
    }

    public FakeWindows when(String command, CommandResult result) {
        answers.put(command, result);
        return this;
    }

    /** Does something after each command, which is given without the folder and the .exe of the tool. */
    public FakeWindows effect(Consumer<List<String>> after) {
        effect = after;
        return this;
    }

    public SystemTools tools() {
        return new SystemTools(runner, tool -> TOOLS + tool + ".exe", PortOwners.TIMEOUT);
    }

    PortOwners owners() {
        return new PortOwners(tools(), true, OWN_PID);
    }

    /** The commands since the last call, as a person types them. */
    public List<String> ran() {
        List<String> since = List.copyOf(ran);
        ran.clear();
        return since;
    }

    private CommandResult answer(List<String> words) {
        List<String> command = new ArrayList<>(words);
        command.set(0, words.get(0).substring(TOOLS.length()).replaceFirst("\\.exe$", ""));
        String line = String.join(" ", command);
        ran.add(line);
        CommandResult result = answers.entrySet().stream()
                .filter(answer -> line.startsWith(answer.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(FakeRunner.ended(0, ""));
        effect.accept(command);
        return result;
    }
}
