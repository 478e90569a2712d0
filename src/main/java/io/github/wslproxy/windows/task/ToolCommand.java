package io.github.wslproxy.windows.task;

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
record ToolCommand(String tool, List<String> arguments) {

    static ToolCommand of(String tool, String... arguments) {
        return new ToolCommand(tool, List.of(arguments));
    }

    /** With the place of the tool, as a bare name could be a program lying in the working directory. */
    List<String> words(UnaryOperator<String> place) {
        List<String> words = new ArrayList<>(List.of(place.apply(tool)));
        words.addAll(arguments);
        return words;
    }

    /** As a person types it. */
    @Override
    public String toString() {
        return tool + " " + String.join(" ", arguments);
    }
}
