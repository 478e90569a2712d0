package io.github.wslproxy.cli;

import io.github.wslproxy.os.UserFolders;
import io.github.wslproxy.os.UserFolders.NoHomeException;
import java.nio.file.Path;

/** The configuration that is taken without {@code --config}. */
final class DefaultConfig {
    private DefaultConfig() {}

    /** @throws NoHomeException if this user has no home; {@code --config} is needed then */
    static Path ofThisUser() {
        return of(UserFolders.ofThisUser());
    }

    /** Whether a configuration that was named is the default one. */
    static boolean isOfThisUser(Path config) {
        try {
            return config.toAbsolutePath().normalize().equals(ofThisUser());
        } catch (NoHomeException noHome) {
            return false;
        }
    }

    static Path of(UserFolders folders) {
        return folders.config().resolve("wslproxy").resolve("proxy.toml");
    }
}
