package io.github.wslproxy.windows.task;

import io.github.wslproxy.windows.ToolCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How Windows starts wslproxy in the background: javaw.exe, which has no console.
 *
 * @param program the folder that the zip was unpacked to
 * @param javaw the path of javaw.exe
 * @param config the path of proxy.toml; empty for the default one, which the program finds in any letters
 */
public record Launch(String program, String javaw, Optional<String> config) {
    private static final String MAIN = "io.github.wslproxy.Main";

    /**
     * The first of its paths in which the Task Scheduler would see a variable: it replaces {@code %NAME%} (win32:
     * TaskSchd, Exec) and {@code $(Arg0)} (RegisteredTask.RunEx) in all that it starts.
     */
    public Optional<String> pathWithVariable() {
        return paths().filter(path -> path.contains("%") || path.contains("$(")).findFirst();
    }

    private Stream<String> paths() {
        return Stream.concat(Stream.of(program, javaw), config.stream());
    }

    /**
     * Refuses paths that would not reach Java as they are.
     *
     * @param optionFile that of the Run key; empty for the task
     * @throws IOException names the path, its letters, and what to do
     */
    public void demandLetters(LauncherLetters letters, Optional<Path> optionFile) throws IOException {
        Optional<String> problem =
                paths().flatMap(path -> letters.problem(path).stream()).findFirst();
        if (problem.isPresent()) {
            throw new IOException("not installed: " + problem.get() + ": move it to a folder without them");
        }
        Optional<String> unreadable = optionFile.flatMap(file -> letters.problem(file.toString()));
        if (unreadable.isPresent()) {
            throw new IOException("not installed: " + unreadable.get() + ": install it without --run-key");
        }
    }

    /** The arguments that the task gives to javaw.exe. */
    public String arguments() {
        List<String> words = new ArrayList<>();
        words.add(ToolCommand.quoted("@" + jvmOptions()));
        words.addAll(List.of("-cp", ToolCommand.quoted(classPath()), MAIN));
        config.ifPresent(file -> words.addAll(List.of("--config", ToolCommand.quoted(file))));
        words.add("--background");
        return String.join(" ", words);
    }

    /** The command line of the Run key. It names a file with most of the arguments, as Windows takes no long value. */
    List<String> words(String optionFile) {
        return List.of(javaw, "@" + jvmOptions(), "@" + optionFile);
    }

    /** The text of that file. Java takes a backslash in it for an escape, and expects {@link LauncherLetters}. */
    public String optionFile() {
        List<String> words = new ArrayList<>();
        words.addAll(List.of("-cp", escaped(classPath()), MAIN));
        config.ifPresent(file -> words.addAll(List.of("--config", escaped(file))));
        words.addAll(List.of("--background", ""));
        return String.join("\r\n", words);
    }

    private String jvmOptions() {
        return program + "\\jvm.options";
    }

    private String classPath() {
        return program + "\\lib\\*";
    }

    private static String escaped(String word) {
        return '"' + word.replace("\\", "\\\\") + '"';
    }
}
