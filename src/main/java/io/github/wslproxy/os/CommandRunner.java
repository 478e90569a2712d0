package io.github.wslproxy.os;

import java.time.Duration;
import java.util.List;

/** Runs a program to its end, or to the deadline. Tests play the outside here. */
public interface CommandRunner {

    /**
     * Blocks. Whatever comes back, no process is left that could be found; an interrupt ends it early and stays set.
     *
     * @param command the program and its arguments, given to it without a shell
     * @param timeout from the start of the process to its end
     */
    CommandResult run(List<String> command, Duration timeout);
}
