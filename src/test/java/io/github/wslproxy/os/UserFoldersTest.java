package io.github.wslproxy.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.os.UserFolders.NoHomeException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserFoldersTest {
    private static final String UNKNOWN = "?";

    /** A path from the working directory would have a file of somebody else taken for the configuration. */
    @ParameterizedTest
    @ValueSource(strings = {"", ".", "relative", "~"})
    void aHomeThatIsNoAbsolutePathIsAnErrorThatNamesIt(String home) {
        UserFolders folders = new UserFolders(false, Map.of("HOME", home, "XDG_CONFIG_HOME", "relative"), "/home/ada");

        assertThatThrownBy(folders::config)
                .isInstanceOf(NoHomeException.class)
                .hasMessageContaining("HOME is " + (home.isEmpty() ? "empty" : "\"" + home + "\""))
                .hasMessageContaining("(expected an absolute path in HOME or in XDG_CONFIG_HOME)");
        assertThatThrownBy(folders::state).hasMessageContaining("XDG_STATE_HOME");
    }

    @ParameterizedTest
    @ValueSource(strings = {UNKNOWN, ""})
    void anAccountWithoutAHomeIsAnErrorToo(String home) {
        UserFolders folders = new UserFolders(false, Map.of(), home);

        assertThatThrownBy(folders::config).hasMessageContaining("HOME is not set, and this account has no home");
        assertThat(folders.home()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "relative", UNKNOWN})
    void onWindowsARelativeVariableIsNotTakenEither(String folder) {
        assertThat(new UserFolders(true, Map.of("APPDATA", folder), "/c/Users/Ada").config())
                .isEqualTo(Path.of("/c/Users/Ada/AppData/Roaming"));
        assertThatThrownBy(() -> new UserFolders(true, Map.of("APPDATA", folder), UNKNOWN).config())
                .hasMessageContaining("(expected an absolute path in APPDATA)");
    }

    @Test
    void anAbsoluteVariableNeedsNoHome() {
        assertThat(new UserFolders(false, Map.of("HOME", "", "XDG_STATE_HOME", "/state"), UNKNOWN).state())
                .isEqualTo(Path.of("/state"));
    }
}
