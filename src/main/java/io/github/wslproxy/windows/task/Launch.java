package io.github.wslproxy.windows.task;

import io.github.wslproxy.windows.ToolCommand;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How Windows starts wslproxy in the background: javaw.exe, which has no console.
 *
 * @param program the folder that the zip was unpacked to
 * @param javaw the path of javaw.exe
 * @param config the path of proxy.toml
 */
public record Launch(String program, String javaw, String config) {
    private static final String MAIN = "io.github.wslproxy.Main";

    /**
     * The first of its paths in which the Task Scheduler would see a variable: it replaces {@code %NAME%} (win32:
     * TaskSchd, Exec) and {@code $(Arg0)} (RegisteredTask.RunEx) in all that it starts.
     */
    public Optional<String> pathWithVariable() {
        return Stream.of(program, javaw, config)
                .filter(path -> path.contains("%") || path.contains("$("))
                .findFirst();
    }

    /** The arguments that the task gives to javaw.exe. */
    public String arguments() {
        List<String> words = new ArrayList<>();
        words.add(ToolCommand.quoted("@" + jvmOptions()));
        words.addAll(List.of("-cp", ToolCommand.quoted(classPath()), MAIN));
        words.addAll(List.of("--config", ToolCommand.quoted(config), "--background"));
        return String.join(" ", words);
    }

    /** The command line of the Run key. It names a file with most of the arguments, as Windows takes no long value. */
    List<String> words(String optionFile) {
        return List.of(javaw, "@" + jvmOptions(), "@" + optionFile);
    }

    /** The text of that file. Java takes a backslash in it for an escape, and expects the system's code page. */
    public String optionFile() {
        List<String> words = new ArrayList<>();
        words.addAll(List.of("-cp", escaped(classPath()), MAIN, "--config", escaped(config), "--background", ""));
        return String.join("\r\n", words);
    }

    static Charset optionFileCharset() {
        return Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
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
