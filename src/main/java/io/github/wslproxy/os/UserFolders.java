package io.github.wslproxy.os;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The folders in which programs keep the files of this user. Each is absolute: a relative one would be taken from the
 * working directory, which may be a folder that somebody else has filled.
 */
public final class UserFolders {
    private final boolean windows;
    private final Map<String, String> environment;
    private final String home;

    /** No folder of this user is known. The message names the variable to set. */
    public static final class NoHomeException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public NoHomeException(String message) {
            super(message);
        }
    }

    /** @param home as Java knows it ({@code user.home}); "?" where the account has no entry */
    public UserFolders(boolean windows, Map<String, String> environment, String home) {
        this.windows = windows;
        this.environment = environment;
        this.home = home;
    }

    public static UserFolders ofThisUser() {
        return new UserFolders(OperatingSystem.isWindows(), System.getenv(), System.getProperty("user.home", ""));
    }

    /**
     * The folder for configuration files: {@code %APPDATA%} on Windows, elsewhere {@code $XDG_CONFIG_HOME} or
     * {@code ~/.config}.
     *
     * @throws NoHomeException if this user has no home; the message names the variable to set
     */
    public Path config() {
        return windows ? onWindows("APPDATA", "Roaming") : elsewhere("XDG_CONFIG_HOME", Path.of(".config"));
    }

    /**
     * The folder for what a program keeps for itself: {@code %LOCALAPPDATA%} on Windows, elsewhere
     * {@code $XDG_STATE_HOME} or {@code ~/.local/state}.
     *
     * @throws NoHomeException if this user has no home; the message names the variable to set
     */
    public Path state() {
        return windows ? onWindows("LOCALAPPDATA", "Local") : elsewhere("XDG_STATE_HOME", Path.of(".local", "state"));
    }

    /** The home of this user; empty if it is not known. */
    public Optional<Path> home() {
        return isAbsolute(home) ? Optional.of(Path.of(home)) : Optional.empty();
    }

    private Path onWindows(String variable, String name) {
        String folder = environment.getOrDefault(variable, "");
        if (isAbsolute(folder)) {
            return Path.of(folder);
        }
        if (isAbsolute(home)) {
            return Path.of(home, "AppData", name);
        }
        throw noHome(variable + " is " + shown(folder) + " and the profile of this user is " + shown(home)
                + " (expected an absolute path in " + variable + ")");
    }

    /** The XDG Base Directory Specification has relative paths in its variables ignored. */
    private Path elsewhere(String variable, Path below) {
        String folder = environment.getOrDefault(variable, "");
        if (isAbsolute(folder)) {
            return Path.of(folder);
        }
        boolean named = environment.containsKey("HOME");
        String place = named ? environment.getOrDefault("HOME", "") : home;
        if (isAbsolute(place)) {
            return Path.of(place).resolve(below);
        }
        throw noHome((named ? "HOME is " + shown(place) : "HOME is not set, and this account has no home")
                + " (expected an absolute path in HOME or in " + variable + ")");
    }

    private static boolean isAbsolute(String folder) {
        try {
            return Path.of(folder).isAbsolute();
        } catch (InvalidPathException notAPath) {
            return false;
        }
    }

    private static String shown(String folder) {
        return folder.isEmpty() ? "empty" : "\"" + folder + "\"";
    }

    private static NoHomeException noHome(String why) {
        return new NoHomeException("the folder of this user is not known: " + why);
    }
}
