package io.github.wslproxy.config;

import java.util.List;
import java.util.stream.Collectors;

/** The file cannot be used; carries every problem found in it, one line of the message each. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    ConfigException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** The problems, at least one, in the order of the file. */
    public List<Problem> problems() {
        return problems;
    }
}
