package io.github.wslproxy.windows.task;

import io.github.wslproxy.process.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The task of the Task Scheduler that starts wslproxy when its user logs on. Registering it needs no administrator, since
 * its trigger names the user who registers it ([MS-TSCH] 3.2.5.1.1); changing it is up to who registered it.
 */
public final class LogonTask {
    /** What the Task Scheduler lists it as. */
    public static final String NAME = "wslproxy";

    private static final Pattern DISABLED =
            Pattern.compile("<Settings>.*?<Enabled>\\s*false\\s*</Enabled>.*?</Settings>", Pattern.DOTALL);

    enum State {
        ENABLED,
        DISABLED,
        ABSENT
    }

    private final WindowsTools tools;

    LogonTask(WindowsTools tools) {
        this.tools = tools;
    }

    /** By the XML, the only answer that is not localized; empty if the Task Scheduler did not give one. */
    Optional<State> state() {
        CommandResult result = tools.run(command("/Query", "/XML"));
        if (!(result instanceof CommandResult.Ended ended)) {
            return Optional.empty();
        }
        if (ended.exit() != 0) {
            return Optional.of(State.ABSENT);
        }
        if (!ended.output().contains("<Task")) {
            return Optional.empty();
        }
        return Optional.of(DISABLED.matcher(ended.output()).find() ? State.DISABLED : State.ENABLED);
    }

    /**
     * Registers it, in place of one that is there already.
     *
     * @throws IOException if the Task Scheduler refused; the message says what it said
     */
    public void register(TaskDefinition definition) throws IOException {
        Path file = Files.createTempFile("wslproxy-task", ".xml");
        try {
            Files.write(file, definition.bytes());
            tools.demand(createFrom(file.toString()));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** The command that registers it, as a person would type it. */
    public static String registration(String file) {
        return createFrom(file).toString();
    }

    private static ToolCommand createFrom(String file) {
        return command("/Create", "/XML", CommandLineText.quoted(file), "/F");
    }

    /** Starts it now, unless it runs. */
    public void run() throws IOException {
        tools.demand(command("/Run"));
    }

    /** The command that starts it, as a person would type it. */
    public static String runCommand() {
        return command("/Run").toString();
    }

    /** Ends its process without letting that finish anything. */
    public void end() throws IOException {
        tools.demand(command("/End"));
    }

    /** From here on it starts neither at logon nor by its repetition. */
    public void disable() throws IOException {
        tools.demand(command("/Change", "/DISABLE"));
    }

    public void enable() throws IOException {
        tools.demand(command("/Change", "/ENABLE"));
    }

    public void delete() throws IOException {
        tools.demand(command("/Delete", "/F"));
    }

    private static ToolCommand command(String verb, String... more) {
        String[] words = new String[3 + more.length];
        words[0] = verb;
        words[1] = "/TN";
        words[2] = NAME;
        System.arraycopy(more, 0, words, 3, more.length);
        return ToolCommand.of("schtasks", words);
    }
}
