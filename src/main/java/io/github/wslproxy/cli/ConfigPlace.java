package io.github.wslproxy.cli;

import io.github.wslproxy.computer.OperatingSystem;
import java.nio.file.Path;
import java.util.Map;

/** Where the configuration is when {@code --config} does not say. */
final class ConfigPlace {
    private ConfigPlace() {}

    static Path ofThisUser() {
        return of(OperatingSystem.isWindows(), System.getenv(), System.getProperty("user.home", ""));
    }

    /**
     * {@code %APPDATA%\wslproxy\proxy.toml} on Windows, elsewhere as the XDG Base Directory Specification says, which also
     * has relative paths in {@code XDG_CONFIG_HOME} ignored.
     */
    static Path of(boolean windows, Map<String, String> environment, String home) {
        return folder(windows, environment, home).resolve("wslproxy").resolve("proxy.toml");
    }

    private static Path folder(boolean windows, Map<String, String> environment, String home) {
        if (windows) {
            String appData = environment.getOrDefault("APPDATA", "");
            return appData.isEmpty() ? Path.of(home, "AppData", "Roaming") : Path.of(appData);
        }
        String xdg = environment.getOrDefault("XDG_CONFIG_HOME", "");
        return xdg.startsWith("/") ? Path.of(xdg) : Path.of(environment.getOrDefault("HOME", home), ".config");
    }
}
