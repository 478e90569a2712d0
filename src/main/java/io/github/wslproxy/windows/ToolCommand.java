package io.github.wslproxy.windows;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One call of a tool that comes with Windows.
 *
 * @param tool its name without .exe
 * @param arguments each as it stands in a command line, with its quotes: Java hands on what is quoted already as it is
 *     (ProcessImpl), and would not escape quotes inside
 */
public record ToolCommand(String tool, List<String> arguments) {

    public static ToolCommand of(String tool, String... arguments) {
        return new ToolCommand(tool, List.of(arguments));
    }

    /**
     * Puts an argument into quotes, whether it needs them or not. A backslash counts as such unless a quote follows
     * (CommandLineToArgvW, and Microsoft's C runtime).
     */
    public static String quoted(String argument) {
        StringBuilder line = new StringBuilder("\"");
        int backslashes = 0;
        for (int i = 0; i < argument.length(); i++) {
            char character = argument.charAt(i);
            if (character == '"') {
                line.append("\\".repeat(backslashes + 1));
            }
            backslashes = character == '\\' ? backslashes + 1 : 0;
            line.append(character);
        }
        return line.append("\\".repeat(backslashes)).append('"').toString();
    }

    /** The tool is named by its place, as a bare name could be a program that lies in the working directory. */
    List<String> words(UnaryOperator<String> place) {
        List<String> words = new ArrayList<>(List.of(place.apply(tool)));
        words.addAll(arguments);
        return words;
    }

    /** The command as a person types it. */
    @Override
    public String toString() {
        return tool + " " + String.join(" ", arguments);
    }
}
