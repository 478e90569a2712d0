package io.github.wslproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.os.UserFolders;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateDirectoryTest {
    private static final String HOME = "/home/ada";

    @Test
    void onWindowsItIsInTheUsersFolderOfThisComputer() {
        StateDirectory folder = folder(true, Map.of("LOCALAPPDATA", "/c/Users/Ada/AppData/Local"), HOME);

        assertThat(folder.path()).isEqualTo(Path.of("/c/Users/Ada/AppData/Local/wslproxy"));
        assertThat(folder.log()).isEqualTo(Path.of("/c/Users/Ada/AppData/Local/wslproxy/logs/wslproxy.log"));
    }

    @Test
    void onWindowsWithoutThatVariableItIsWhereTheFolderUsuallyIs() {
        assertThat(folder(true, Map.of(), "/c/Users/Ada").path())
                .isEqualTo(Path.of("/c/Users/Ada/AppData/Local/wslproxy"));
    }

    @Test
    void elsewhereItIsInTheStateFolderOfTheHome() {
        assertThat(folder(false, Map.of(), HOME).log()).isEqualTo(Path.of(HOME, ".local/state/wslproxy/wslproxy.log"));
    }

    @Test
    void anAbsoluteXdgFolderWins() {
        assertThat(folder(false, Map.of("XDG_STATE_HOME", "/var/ada"), HOME).path())
                .isEqualTo(Path.of("/var/ada/wslproxy"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "relative", "./relative"})
    void anyOtherXdgFolderIsIgnoredAsTheSpecificationSays(String folder) {
        assertThat(folder(false, Map.of("XDG_STATE_HOME", folder), HOME).path())
                .isEqualTo(Path.of(HOME, ".local/state/wslproxy"));
    }

    private static StateDirectory folder(boolean windows, Map<String, String> environment, String home) {
        return StateDirectory.of(windows, new UserFolders(windows, environment, home));
    }
}
