package io.github.wslproxy.windows;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.testing.FakeRunner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A Windows computer whose tools answer what they were told; the others answer nothing with status 0, as Wine's do. */
final class FakeWindows {
    static final long OWN_PID = 7777;

    private final Map<String, CommandResult> answers = new LinkedHashMap<>();
    private final FakeRunner runner = new FakeRunner();

    FakeWindows() {
        runner.alwaysThen(this::answer);
    }

    /** @param command how it begins, without the folder and the .exe of the tool */
    FakeWindows when(String command, String output) {
        return when(command, FakeRunner.ended(0, output));
    }

    FakeWindows when(String command, CommandResult result) {
        answers.put(command, result);
        return this;
    }

    SystemTools tools() {
        return new SystemTools(runner, tool -> "C:\\WINDOWS\\System32\\" + tool + ".exe", PortOwners.TIMEOUT);
    }

    PortOwners owners() {
        return new PortOwners(tools(), true, OWN_PID);
    }

    List<String> ran() {
        return runner.ranSince();
    }

    private CommandResult answer(List<String> command) {
        String line =
                String.join(" ", command).replace("C:\\WINDOWS\\System32\\", "").replaceFirst("\\.exe", "");
        return answers.entrySet().stream()
                .filter(answer -> line.startsWith(answer.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(FakeRunner.ended(0, ""));
    }
}
