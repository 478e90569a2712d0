package io.github.wslproxy.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramsTest {
    private final Map<String, String> environment =
            new HashMap<>(Map.of("ProgramW6432", "C:\\Program Files", "SystemRoot", "C:\\WINDOWS"));
    private final Set<String> files = new HashSet<>(Set.of("C:\\WINDOWS\\System32\\cmd.exe"));
    private final Programs programs =
            new Programs(true, name -> Optional.ofNullable(environment.get(name)), files::contains);

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
        Programs trusting = new Programs(true, name -> Optional.of(root), path -> path.endsWith("cmd.exe"));

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

    private static final Set<String> UNIX_FILES = Set.of("/usr/bin/probe", "probe", "./probe", "bin/probe");

    @ParameterizedTest
    @ValueSource(strings = {"/opt/bin:/usr/bin", ":/usr/bin", ".:/usr/bin", "bin::./:/usr/bin", "/usr/bin:"})
    void onlyFoldersThatAreNamedInFullCount(String path) {
        assertThat(of(path).find("probe")).contains("/usr/bin/probe");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ":", "::", "./", "..", "bin", "/opt/bin:"})
    void aProgramOnlyInTheWorkingDirectoryIsNotFound(String path) {
        assertThat(of(path).find("probe")).isEmpty();
    }

    @Test
    void withoutAPathTheUsualFoldersAreSearched() {
        assertThat(onUnix(Optional.empty()).find("probe")).contains("/usr/bin/probe");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/opt/probe", "./probe", "bin/probe"})
    void onUnixAPathIsTakenAsItIs(String path) {
        assertThat(of("/usr/bin").find(path)).contains(path);
    }

    @Test
    void onWindowsAnAppExecutionAliasIsAProgramThoughItCannotBeOpened(@TempDir Path folder) throws Exception {
        Path alias = Files.createSymbolicLink(folder.resolve("ubuntu2404.exe"), folder.resolve("not there"));

        assertThat(Programs.isProgram(alias, true)).isTrue();
        assertThat(Programs.isProgram(folder, true)).isFalse();
        assertThat(Programs.isProgram(folder.resolve("none.exe"), true)).isFalse();
    }

    private static Programs of(String path) {
        return onUnix(Optional.of(path));
    }

    private static Programs onUnix(Optional<String> path) {
        return new Programs(false, name -> path, file -> UNIX_FILES.contains(file));
    }
}
