package io.github.wslproxy.app;

import io.github.wslproxy.computer.OperatingSystem;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the program keeps for itself on this computer: its log where none is configured, and who runs.
 *
 * @param path may not exist yet
 * @param log the log of a program without a console
 */
public record StateFolder(Path path, Path log) {

    public static StateFolder ofThisUser() {
        return of(OperatingSystem.isWindows(), System.getenv(), System.getProperty("user.home", ""));
    }

    /**
     * {@code %LOCALAPPDATA%\wslproxy} on Windows, elsewhere as the XDG Base Directory Specification says, which also has
     * relative paths in {@code XDG_STATE_HOME} ignored.
     */
    static StateFolder of(boolean windows, Map<String, String> environment, String home) {
        if (windows) {
            String local = environment.getOrDefault("LOCALAPPDATA", "");
            Path folder = (local.isEmpty() ? Path.of(home, "AppData", "Local") : Path.of(local)).resolve("wslproxy");
            return new StateFolder(folder, folder.resolve("logs").resolve("wslproxy.log"));
        }
        String xdg = environment.getOrDefault("XDG_STATE_HOME", "");
        Path state =
                xdg.startsWith("/") ? Path.of(xdg) : Path.of(environment.getOrDefault("HOME", home), ".local", "state");
        Path folder = state.resolve("wslproxy");
        return new StateFolder(folder, folder.resolve("wslproxy.log"));
    }

    /** Which configuration was installed, if any: one line. */
    public Path installedConfig() {
        return path.resolve("installed-config");
    }

    /** The options of what the Run key starts. */
    public Path logonOptions() {
        return path.resolve("logon.options");
    }

    Path instances() {
        return path.resolve("run");
    }
}
