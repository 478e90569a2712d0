package io.github.wslproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.os.UserFolders;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefaultConfigTest {
    private static final String HOME = "/home/ada";

    @Test
    void onWindowsItIsInTheUsersRoamingFolder() {
        Path appData = Path.of("/c/Users/Ada/AppData/Roaming");

        assertThat(DefaultConfig.of(new UserFolders(true, Map.of("APPDATA", appData.toString()), "/c/Users/Ada")))
                .isEqualTo(appData.resolve("wslproxy/proxy.toml"));
    }

    @Test
    void onWindowsWithoutThatVariableItIsWhereTheFolderUsuallyIs() {
        assertThat(DefaultConfig.of(new UserFolders(true, Map.of(), "/c/Users/Ada")))
                .isEqualTo(Path.of("/c/Users/Ada/AppData/Roaming/wslproxy/proxy.toml"));
    }

    @Test
    void elsewhereItIsInTheConfigFolderOfTheHome() {
        assertThat(DefaultConfig.of(new UserFolders(false, Map.of("APPDATA", "/c/elsewhere"), HOME)))
                .isEqualTo(Path.of(HOME, ".config/wslproxy/proxy.toml"));
    }

    @Test
    void anAbsoluteXdgFolderWins() {
        assertThat(DefaultConfig.of(new UserFolders(false, Map.of("XDG_CONFIG_HOME", "/etc/ada"), HOME)))
                .isEqualTo(Path.of("/etc/ada/wslproxy/proxy.toml"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "relative", "./relative", "~/config"})
    void anyOtherXdgFolderIsIgnoredAsTheSpecificationSays(String folder) {
        assertThat(DefaultConfig.of(new UserFolders(false, Map.of("XDG_CONFIG_HOME", folder), HOME)))
                .isEqualTo(Path.of(HOME, ".config/wslproxy/proxy.toml"));
    }
}
