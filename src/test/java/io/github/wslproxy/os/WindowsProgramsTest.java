package io.github.wslproxy.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowsProgramsTest {
    private final Map<String, String> environment =
            new HashMap<>(Map.of("ProgramW6432", "C:\\Program Files", "SystemRoot", "C:\\WINDOWS"));
    private final Set<String> files = new HashSet<>(Set.of("C:\\WINDOWS\\System32\\cmd.exe"));
    private final WindowsPrograms programs =
            new WindowsPrograms(name -> Optional.ofNullable(environment.get(name)), files::contains);

    @Test
    void theInstalledPackageComesFirst() {
        files.add("C:\\Program Files\\WSL\\wsl.exe");
        files.add("C:\\WINDOWS\\System32\\wsl.exe");

        assertThat(programs.wsl()).isEqualTo("C:\\Program Files\\WSL\\wsl.exe");
    }

    @Test
    void thenTheOneOfWindows() {
        assertThat(programs.wsl()).isEqualTo("C:\\WINDOWS\\System32\\wsl.exe");
    }

    @Test
    void a32BitJavaFindsTheOneOfWindowsUnderSysnative() {
        files.add("C:\\WINDOWS\\Sysnative\\wsl.exe");

        assertThat(programs.wsl()).isEqualTo("C:\\WINDOWS\\Sysnative\\wsl.exe");
    }

    @ParameterizedTest
    @ValueSource(strings = {"wsl", "wsl.exe", "WSL.EXE"})
    void aBareNameIsLookedUpInPath(String name) {
        environment.put("PATH", "relative;.;;\"C:\\tools\";C:\\WINDOWS\\System32");
        files.add("relative\\" + name);
        files.add(".\\" + name);
        files.add(name);
        files.add("C:\\WINDOWS\\System32\\wsl.exe");
        files.add("C:\\WINDOWS\\System32\\WSL.EXE");

        assertThat(programs.find(name))
                .hasValueSatisfying(path -> assertThat(path).isEqualToIgnoringCase("C:\\WINDOWS\\System32\\wsl.exe"));
    }

    @Test
    void aNameOnlyInTheWorkingDirectoryIsNotFound() {
        environment.put("PATH", ".;C:\\WINDOWS\\System32");
        files.add("wsl.exe");
        files.add(".\\wsl.exe");

        assertThat(programs.find("wsl.exe")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"C:\\a\\probe.exe", "tools/probe", ".\\probe.cmd", "\\\\server\\share\\probe.exe"})
    void aPathIsTakenAsItIs(String path) {
        assertThat(programs.find(path)).contains(path);
    }

    /** A relative one would be below the working directory. */
    @ParameterizedTest
    @ValueSource(
            strings = {".", "", "Windows", "\\\\server\\share", "D:", "C:\\a;b", "C:\\a%b%", "\\Windows", "C:/Windows"})
    void aFolderOfWindowsThatIsNoneOnADriveIsNotTaken(String root) {
        WindowsPrograms trusting = new WindowsPrograms(name -> Optional.of(root), path -> path.endsWith("cmd.exe"));

        assertThat(trusting.root()).isEqualTo("C:\\Windows");
        assertThat(trusting.system("netsh")).isEqualTo("C:\\Windows\\System32\\netsh.exe");
        assertThat(trusting.wsl()).isEqualTo("C:\\Windows\\System32\\wsl.exe");
    }

    @Test
    void theFolderOfWindowsIsTakenIfItsToolsAreThere() {
        environment.put("SystemRoot", "D:\\WINNT");
        assertThat(programs.root()).isEqualTo("C:\\Windows");

        files.add("D:\\WINNT\\System32\\cmd.exe");
        assertThat(programs.root()).isEqualTo("D:\\WINNT");
    }

    @Test
    void noPackageIsLookedForBelowTheWorkingDirectory() {
        environment.put("ProgramW6432", ".");
        environment.put("ProgramFiles", "");
        files.add(".\\WSL\\wsl.exe");
        files.add("\\WSL\\wsl.exe");

        assertThat(programs.wsl()).isEqualTo("C:\\WINDOWS\\System32\\wsl.exe");
    }
}
