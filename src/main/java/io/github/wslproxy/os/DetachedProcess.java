package io.github.wslproxy.os;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;

/**
 * A program that is started and left to itself: it goes on when this one has ended, without its console and streams.
 */
public final class DetachedProcess {
    private DetachedProcess() {}

    /**
     * Starts it.
     *
     * @throws IOException if there is no such program, or it may not be run
     */
    public static void start(List<String> command, Path directory) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
    }
}
