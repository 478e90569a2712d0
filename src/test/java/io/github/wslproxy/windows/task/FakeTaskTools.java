package io.github.wslproxy.windows.task;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.testing.FakeRunner;
import io.github.wslproxy.windows.FakeWindows;
import io.github.wslproxy.windows.SystemTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** A Windows whose tools answer what they were told, and else nothing with status 0, as Wine's do. */
public final class FakeTaskTools {
    /** What schtasks says of a task that is not there. */
    public static final CommandResult NO_SUCH_TASK = new CommandResult.Ended(
            1, "", "FEHLER: Das System kann die angegebene Datei nicht finden.\n", FakeRunner.TOOK);

    public static final CommandResult DENIED =
            new CommandResult.Ended(1, "", "ERROR: Access is denied.\n", FakeRunner.TOOK);

    /** What a standard user sees of the tasks of others: not all of them. */
    public static final String LISTING = """
            "\\Microsoft\\Windows\\Defrag\\ScheduledDefrag","N/A","Bereit"
            "\\wslproxy-alice2","22.11.2026 09:00:00","Wird ausgeführt"
            """;

    /** The beginning of what {@code schtasks /Query /XML} prints, with the declaration that is not true there. */
    public static final String TASK = """
            <?xml version="1.0" encoding="UTF-16"?>
            <Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
              <Triggers><LogonTrigger><Enabled>false</Enabled></LogonTrigger></Triggers>
              <Settings>
                <Enabled>true</Enabled>
              </Settings>
            </Task>
            """;

    public static final String DISABLED_TASK = TASK.replace("<Enabled>true</Enabled>", "<Enabled>false</Enabled>");

    public static final String RUN_VALUE = """

            HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run
                wslproxy    REG_SZ    "C:\\x\\javaw.exe" "@C:\\x\\jvm.options"

            """;

    private final FakeWindows windows = new FakeWindows().effect(this::take);
    private final List<String> started = new ArrayList<>();
    private String registered = "";
    private Runnable atRun = () -> {};
    private OptionalInt exitStatus = OptionalInt.empty();

    /**
     * Prepares an answer.
     *
     * @param command how it begins, without the folder and the .exe of the tool
     */
    public FakeTaskTools when(String command, CommandResult result) {
        windows.when(command, result);
        return this;
    }

    public FakeTaskTools when(String command, String output) {
        return when(command, FakeRunner.ended(0, output));
    }

    /** A Windows without a task and without a value of the Run key. */
    public FakeTaskTools withNothing() {
        return when("schtasks /Query /FO", LISTING)
                .when("schtasks /Query", NO_SUCH_TASK)
                .when("reg query", FakeRunner.ended(1, ""));
    }

    /** What the Task Scheduler, or whoever else starts programs, starts. */
    public FakeTaskTools starts(Runnable program) {
        atRun = program;
        return this;
    }

    /** The status of a detached program that has ended. */
    public FakeTaskTools detachedEndsWith(int status) {
        exitStatus = OptionalInt.of(status);
        return this;
    }

    public Autostart autostart() {
        return new Autostart(task(), runKey(), true);
    }

    /** On a system that is not Windows. */
    public Autostart autostartElsewhere() {
        return new Autostart(task(), runKey(), false);
    }

    LogonTask task() {
        return new LogonTask(tools(), "wslproxy-alice");
    }

    RunKey runKey() {
        return new RunKey(tools(), this::startDetached);
    }

    SystemTools tools() {
        return windows.tools();
    }

    /** What was run since the last call, as a person types it, and then what was started. */
    public List<String> ran() {
        List<String> since = new ArrayList<>();
        windows.ran().forEach(line -> since.add(line.replaceFirst("(/XML) \"[^\"]+\"", "$1 FILE")));
        since.addAll(started);
        started.clear();
        return since;
    }

    /** The XML of the task that was registered last. */
    public String registered() {
        return registered;
    }

    private static String file(String quoted) {
        try {
            return Files.readString(Path.of(quoted.replace("\"", "")), StandardCharsets.UTF_16);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Supplier<OptionalInt> startDetached(List<String> words, Path folder) throws IOException {
        started.add("start " + String.join(" ", words));
        atRun.run();
        return () -> exitStatus;
    }

    /** Does what the Task Scheduler does on a command. */
    private void take(List<String> command) {
        String line = String.join(" ", command);
        if (line.startsWith("schtasks /Create")) {
            registered = file(command.get(5));
        }
        if (line.startsWith("schtasks /Run")) {
            atRun.run();
        }
    }
}
