package io.github.wslproxy.cli;

import io.github.wslproxy.app.PrivateFiles;
import io.github.wslproxy.app.StateDirectory;
import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.os.ProcessRunner;
import io.github.wslproxy.os.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Hands a URL that holds a secret to the browser of this user. Other users do not see the arguments of a
 * process on Windows, so the URL is an argument there. Elsewhere anybody may read them (proc(5), cmdline), so the
 * browser gets a file that only this user can read, and which leads on to the URL.
 */
final class Browser {
    private final boolean windows;
    private final Function<String, Optional<String>> place;
    private final Starter starter;

    /** Starts a program and leaves it to itself. */
    interface Starter {
        void start(List<String> command, Path directory) throws IOException;
    }

    /** @param place of a program, by its name */
    Browser(boolean windows, Function<String, Optional<String>> place, Starter starter) {
        this.windows = windows;
        this.place = place;
        this.starter = starter;
    }

    static Browser ofThisComputer() {
        boolean windows = OperatingSystem.isWindows();
        return new Browser(
                windows,
                windows ? name -> Optional.of(Programs.ofThisComputer().system(name)) : Programs.ofThisComputer()::find,
                ProcessRunner::startDetached);
    }

    /** @throws IOException if it cannot be started; the message does not hold the URL */
    void open(String url, StateDirectory state) throws IOException {
        if (windows) {
            start("rundll32", List.of("url.dll,FileProtocolHandler", url), state);
        } else {
            String opener = place.apply("xdg-open").isPresent() ? "xdg-open" : "open";
            start(opener, List.of(fileThatLeadsTo(url, state).toString()), state);
        }
    }

    private void start(String program, List<String> arguments, StateDirectory state) throws IOException {
        String path = place.apply(program).orElseThrow(() -> new IOException("there is no xdg-open"));
        List<String> command = new ArrayList<>(List.of(path));
        command.addAll(arguments);
        try {
            starter.start(command, state.path());
        } catch (IOException e) {
            throw new IOException(path + " does not start", e);
        }
    }

    /** Writes a file that is not deleted: the token lies beside it, in a file with the same rights. */
    private static Path fileThatLeadsTo(String url, StateDirectory state) throws IOException {
        Path file = state.path().resolve("page.html");
        PrivateFiles.folder(state.path());
        state.check();
        PrivateFiles.replace(
                file,
                "<!doctype html><meta http-equiv=\"refresh\" content=\"0; url=" + url + "\"><title>wslproxy</title>\n");
        return file;
    }
}
