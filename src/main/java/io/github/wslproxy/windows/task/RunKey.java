package io.github.wslproxy.windows.task;

import io.github.wslproxy.os.ProcessRunner;
import io.github.wslproxy.windows.SystemTools;
import io.github.wslproxy.windows.ToolCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The value in this user's registry that has Windows start wslproxy at logon, where tasks are forbidden. */
public final class RunKey {
    private static final String VALUE = "wslproxy";
    private static final String KEY = "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run";

    /** The limit of Windows (win32: setupapi/run-and-runonce-registry-keys). */
    private static final int LONGEST = 260;

    /** Starts a program that goes on by itself. */
    interface Starter {
        /** Returns the exit status of the program, which is empty while it runs. */
        Supplier<OptionalInt> start(List<String> words, Path folder) throws IOException;
    }

    private final SystemTools tools;
    private final Starter starter;

    RunKey(SystemTools tools) {
        this(tools, ProcessRunner::startDetached);
    }

    RunKey(SystemTools tools, Starter starter) {
        this.tools = tools;
        this.starter = starter;
    }

    /** Blocks for up to 15 seconds. */
    public boolean isSet() {
        return tools.ask(ToolCommand.of("reg", "query", KEY, "/v", VALUE))
                .filter(output -> output.contains("REG_SZ"))
                .isPresent();
    }

    /**
     * Has Windows start it at each logon.
     *
     * @param optionFile gets written, and has to stay there
     * @throws IOException if that is refused, Java does not take a path, or the command line is longer than Windows
     *     takes
     */
    public void set(Launch launch, Path optionFile, LauncherLetters letters) throws IOException {
        launch.demandLetters(letters, Optional.of(optionFile));
        String line = line(launch, optionFile.toString());
        Files.createDirectories(optionFile.toAbsolutePath().getParent());
        Files.writeString(optionFile, launch.optionFile(), letters.codePage());
        tools.demand(add(line));
    }

    /**
     * The command that sets it, for a person to type.
     *
     * @throws IOException if the command line is longer than Windows takes
     */
    public static String setting(Launch launch, String optionFile) throws IOException {
        return add(line(launch, optionFile)).toString();
    }

    private static ToolCommand add(String line) {
        return ToolCommand.of("reg", "add", KEY, "/v", VALUE, "/t", "REG_SZ", "/d", ToolCommand.quoted(line), "/f");
    }

    private static String line(Launch launch, String optionFile) throws IOException {
        String line = launch.words(optionFile).stream().map(ToolCommand::quoted).collect(Collectors.joining(" "));
        if (line.length() > LONGEST) {
            throw new IOException("the command line for the Run key would have " + line.length()
                    + " characters and Windows takes " + LONGEST + ": move the program to a folder with a shorter path"
                    + " (now " + launch.program() + ")");
        }
        return line;
    }

    /** Starts now what it would start at logon. Returns the exit status of that, which is empty while it runs. */
    public Supplier<OptionalInt> start(Launch launch, Path optionFile) throws IOException {
        return starter.start(launch.words(optionFile.toString()), Path.of(launch.program()));
    }

    public void delete() throws IOException {
        tools.demand(ToolCommand.of("reg", "delete", KEY, "/v", VALUE, "/f"));
    }
}
