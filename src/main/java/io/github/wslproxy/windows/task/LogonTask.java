package io.github.wslproxy.windows.task;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.windows.SystemTools;
import io.github.wslproxy.windows.ToolCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The task of the Task Scheduler that starts wslproxy when its user logs on. Registering it needs no administrator,
 * since its logon trigger names the user who registers it ([MS-TSCH] 3.2.5.1.1) and a trigger of time needs none either
 * (redcanaryco/atomic-red-team#1045); changing it is up to who registered it.
 *
 * <p>Its name holds that of its user, because all users share the folder of tasks: the second one to install it would
 * be denied access, and an administrator would replace the task of another (ChrisAnd1998/TaskbarX#399).
 */
public final class LogonTask {
    private static final Pattern DISABLED = Pattern.compile("<Enabled>\\s*+false\\s*+</Enabled>");

    /** Windows keeps a task in a file of its name; these characters may not stand in it. */
    private static final Pattern ODD = Pattern.compile("[^\\p{L}\\p{N} ._@-]");

    /** The seventh field of a row: host, task, next run, status, logon mode, last run, last result. */
    private static final Pattern LAST_RESULT = Pattern.compile("(?m)^(?:\"[^\"]*+\",){6}\"(-?\\d{1,10})\"");

    /**
     * What tells nothing of a process: SCHED_S_TASK_READY, _RUNNING, _HAS_NOT_RUN, _TERMINATED and _QUEUED (win32:
     * taskschd error and success constants), and 0, which may be left from the run before.
     */
    private static final Set<Integer> NO_STATUS = Set.of(0x41300, 0x41301, 0x41303, 0x41306, 0x41325, 0);

    enum TaskState {
        ENABLED,
        DISABLED,
        ABSENT
    }

    private final SystemTools tools;
    private final String name;

    LogonTask(SystemTools tools, String name) {
        this.tools = tools;
        this.name = name;
    }

    static LogonTask ofThisUser(SystemTools tools) {
        return new LogonTask(tools, name(System.getenv()));
    }

    /** Characters that a user name may have and a file name may not have become underscores. */
    static String name(Map<String, String> environment) {
        String user = environment.getOrDefault("USERNAME", System.getProperty("user.name", ""));
        return "wslproxy-" + ODD.matcher(user).replaceAll("_").replaceAll("[ .]+$", "_");
    }

    /** What the Task Scheduler lists it as. */
    public String name() {
        return name;
    }

    /**
     * Reads the XML, the only answer that is not localized; empty if the Task Scheduler gave none. Only a listing
     * without the task tells that it is absent: schtasks ends with status 1 for a missing task, for denied access and
     * for a service that does not run.
     */
    Optional<TaskState> state() {
        if (!(tools.run(command("/Query", "/XML")) instanceof CommandResult.Ended ended)) {
            return Optional.empty();
        }
        if (ended.exit() != 0) {
            return isUnlisted() ? Optional.of(TaskState.ABSENT) : Optional.empty();
        }
        if (!ended.output().contains("<Task")) {
            return Optional.empty();
        }
        return Optional.of(DISABLED.matcher(settings(ended.output())).find() ? TaskState.DISABLED : TaskState.ENABLED);
    }

    /** The part with the Enabled of the task itself; each trigger has an Enabled, too. */
    private static String settings(String xml) {
        int start = xml.indexOf("<Settings>");
        int end = xml.indexOf("</Settings>", Math.max(start, 0));
        return start < 0 || end < 0 ? "" : xml.substring(start, end);
    }

    /** Whether there is certainly no such task. Blocks for up to 15 seconds. */
    public boolean isUnlisted() {
        Optional<String> listing = tools.ask(ToolCommand.of("schtasks", "/Query", "/FO", "CSV", "/NH"));
        return listing.isPresent()
                && !listing.get().isBlank()
                && !row().matcher(listing.get()).find();
    }

    /**
     * Matches the start of a row, {@code "\name",}. A letter that is not ASCII comes in the console's code page, as up
     * to three unknown characters.
     */
    private Pattern row() {
        StringBuilder regex = new StringBuilder("(?im)^\"\\\\");
        name.chars()
                .forEach(letter ->
                        regex.append(letter < 128 ? Pattern.quote(Character.toString(letter)) : "[^\"]{0,3}"));
        return Pattern.compile(regex.append('"').toString());
    }

    /**
     * Registers it, in place of one that is there already.
     *
     * @throws IOException if the Task Scheduler refused; the message says what it said
     */
    public void register(TaskDefinition definition) throws IOException {
        Path file = Files.createTempFile("wslproxy-task", ".xml");
        try {
            Files.write(file, definition.bytes(name));
            tools.demand(createFrom(file.toString()));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** The command that registers it, for a person to type. */
    public String registration(String file) {
        return createFrom(file).toString();
    }

    private ToolCommand createFrom(String file) {
        return command("/Create", "/XML", ToolCommand.quoted(file), "/F");
    }

    /**
     * Starts it now, unless it runs.
     *
     * @return the exit status of its last process, for which it asks Windows; empty if that runs, or Windows does not
     *     tell
     */
    public Supplier<OptionalInt> run() throws IOException {
        tools.demand(command("/Run"));
        return this::lastResult;
    }

    /** Its place in the row of {@code /V} is all that can be relied on, because the heading is localized. */
    private OptionalInt lastResult() {
        Matcher row = LAST_RESULT.matcher(
                tools.ask(command("/Query", "/V", "/FO", "CSV", "/NH")).orElse(""));
        if (!row.find()) {
            return OptionalInt.empty();
        }
        int result = (int) Long.parseLong(row.group(1));
        return NO_STATUS.contains(result) ? OptionalInt.empty() : OptionalInt.of(result);
    }

    /** The command that starts it, for a person to type. */
    public String runCommand() {
        return command("/Run").toString();
    }

    /** Ends its process without letting that finish anything. */
    public void end() throws IOException {
        tools.demand(command("/End"));
    }

    /** Keeps it from starting, at logon and by its repetition. */
    public void disable() throws IOException {
        tools.demand(command("/Change", "/DISABLE"));
    }

    public void enable() throws IOException {
        tools.demand(command("/Change", "/ENABLE"));
    }

    public void delete() throws IOException {
        tools.demand(command("/Delete", "/F"));
    }

    private ToolCommand command(String verb, String... more) {
        String[] words = new String[3 + more.length];
        words[0] = verb;
        words[1] = "/TN";
        words[2] = ToolCommand.quoted(name);
        System.arraycopy(more, 0, words, 3, more.length);
        return ToolCommand.of("schtasks", words);
    }
}
