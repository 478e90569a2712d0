package io.github.wslproxy.e2e;

import static io.github.wslproxy.testing.Loopback.freePort;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged program, started in a folder that somebody else has filled: a repository, or a download. */
class HostileFolderIT {
    private static final List<String> NAMES = List.of(
            "probe", "wsl", "wsl.exe", "netsh", "netsh.exe", "powershell.exe", "tasklist", "reg.exe", "java", "sh");

    @TempDir
    private Path home;

    @TempDir
    private Path folder;

    @BeforeEach
    void fill() throws Exception {
        for (String name : NAMES) {
            program(folder.resolve(name));
        }
    }

    /** Leaves a mark, and answers as a probe does. */
    private void program(Path file) throws Exception {
        Files.writeString(file, "#!/bin/sh\ntouch '" + home.resolve("hacked") + "'\necho 172.30.98.229\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path configuration(Path file, String command) throws Exception {
        return Files.writeString(
                file, "[wsl]\ncommand = [" + command + "]\n[status]\nlisten = \"off\"\n[[forward]]\nport = 1\n");
    }

    @Test
    void theConfigurationOfTheWorkingDirectoryIsNotTakenUnasked() throws Exception {
        configuration(folder.resolve("proxy.toml"), "\"" + folder.resolve("probe") + "\"");

        for (String command : List.of("", "check", "probe", "doctor", "firewall", "logs")) {
            Shell.Result result = run("", command);
            assertThat(result.status()).as(command).isNotZero();
        }
        assertThat(home.resolve("hacked")).doesNotExist();
    }

    /** What lies below the home would be taken from the working directory. */
    @ParameterizedTest
    @ValueSource(strings = {"", ".", "relative"})
    void withoutAHomeNothingIsTakenFromTheWorkingDirectoryEither(String noHome) throws Exception {
        Path place = Files.createDirectories(folder.resolve(noHome).resolve(".config/wslproxy"));
        configuration(place.resolve("proxy.toml"), "\"" + folder.resolve("probe") + "\"");

        for (String command : List.of("", "check", "probe", "doctor", "stop")) {
            Shell.Result result = run("export HOME='" + noHome + "';", command);
            assertThat(result.status()).as(command).isEqualTo(1);
            assertThat(result.err()).contains("HOME is ", "(expected an absolute path in HOME or in XDG_CONFIG_HOME)");
        }
        assertThat(home.resolve("hacked")).doesNotExist();
        assertThat(folder.resolve(noHome).resolve(".local")).doesNotExist();
    }

    @Test
    void withoutAHomeItRunsWhatIsNamedAndStopDoesNotSayThatItDoesNotRun() throws Exception {
        Path config = configuration(folder.resolve("proxy.toml"), "\"true\"");

        Shell.Result stop = run("export HOME='';", "stop --config '" + config + "'");
        assertThat(stop.status()).isEqualTo(1);
        assertThat(stop.err()).contains("it is not known whether wslproxy runs with " + config, "HOME is empty");
        Files.writeString(
                config,
                "[wsl]\naddress = \"127.0.0.2\"\n[status]\nlisten = \"off\"\n[[forward]]\nlisten = \"127.0.0.1:"
                        + freePort() + "\"\ntarget = \"wsl:9\"\n");
        // In the foreground, since timeout sends the signal twice otherwise, and the second one ends it at once.
        Shell.Result background =
                run("export HOME=''; timeout --foreground -s TERM 4", "--background --config '" + config + "'");
        assertThat(background.err())
                .contains("there is no log file: ", "this run cannot be locked: ", "wslproxy has stopped");
        assertThat(folder.resolve(".local")).doesNotExist();
    }

    /** Whoever names a configuration trusts its command; but probe, doctor and firewall alone ask where WSL is. */
    @ParameterizedTest
    @ValueSource(strings = {"check", "logs", "stop", "install --dry-run"})
    void lookingAtAConfigurationDoesNotRunItsCommand(String command) throws Exception {
        Path config = configuration(folder.resolve("proxy.toml"), "\"" + folder.resolve("probe") + "\"");

        run("", command + " --config '" + config + "'");

        assertThat(home.resolve("hacked")).doesNotExist();
    }

    /** The counter-test: the command that is named runs, and only in commands that ask. */
    @Test
    void probeRunsTheCommandThatIsNamed() throws Exception {
        Path config = configuration(folder.resolve("proxy.toml"), "\"" + folder.resolve("probe") + "\"");

        assertThat(run("", "probe --config '" + config + "'").out()).contains("WSL is at 172.30.98.229");
        assertThat(home.resolve("hacked")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PATH=\"$PATH:\"", "PATH=\"$PATH:.\"", "PATH=\"./:$PATH\"", "PATH=\"$PATH::/nowhere\""})
    void aProgramOfTheWorkingDirectoryIsNotRun(String path) throws Exception {
        Path config = configuration(home.resolve("proxy.toml"), "\"probe\"");

        Shell.Result result = run("export " + path + ";", "probe --config '" + config + "'");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).contains("no program \"probe\" in PATH");
        assertThat(home.resolve("hacked")).doesNotExist();
    }

    @Test
    void aRelativePathIsOneFromTheFileAndNotFromTheWorkingDirectory() throws Exception {
        Path config = configuration(home.resolve("proxy.toml"), "\"./probe\"");

        Shell.Result missing = run("", "probe --config '" + config + "'");
        assertThat(missing.status()).isEqualTo(1);
        assertThat(home.resolve("hacked")).doesNotExist();

        program(home.resolve("probe"));
        assertThat(run("", "probe --config '" + config + "'").out()).contains("WSL is at 172.30.98.229");
    }

    @Test
    void aHostileFileCannotCommandTheTerminal() throws Exception {
        Path config = configuration(folder.resolve("proxy.toml"), "\"a\\u001b[2Jb\", \"\\u202e\"");
        Files.writeString(
                config, "\n[log]\nlevel = \"\\u001b]0;x\\u0007\"\nfile = \"\\u001b[1m\"\n", StandardOpenOption.APPEND);
        Path valid = configuration(folder.resolve("valid.toml"), "\"a\\u001b[2Jb\", \"\\u202e\"");

        for (Path file : List.of(config, valid)) {
            Shell.Result result = run("", "check --config '" + file + "'");
            assertThat(result.out() + result.err()).doesNotContainPattern("[\\p{Cntrl}\\p{Cf}&&[^\\n]]");
        }
    }

    @Test
    void underAnyUmaskFilesAreForTheirUserAlone() throws Exception {
        run("umask 000;", "init").orFail();
        Path config = home.resolve(".config/wslproxy/proxy.toml");
        Files.writeString(
                config,
                "[wsl]\naddress = \"127.0.0.1\"\n[status]\nlisten = \"off\"\n[[forward]]\nlisten = \"127.0.0.1:0\"\n");
        String started =
                "[wsl]\naddress = \"127.0.0.1\"\n[status]\nlisten = \"off\"\n[[forward]]\nlisten = \"127.0.0.1:"
                        + freePort() + "\"\ntarget = \"127.0.0.2:9\"\n";
        Files.writeString(config, started);
        run("umask 000; timeout -s KILL 4", "--background"); // what ends in order removes its lock

        TreeMap<String, String> modes = new TreeMap<>();
        try (var files = Files.walk(home)) {
            for (Path file : files.filter(file -> !file.equals(home)).toList()) {
                modes.put(
                        home.relativize(file).toString(),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
        assertThat(modes).containsKeys(".config/wslproxy/proxy.toml", ".local/state/wslproxy/wslproxy.log");
        assertThat(modes.keySet()).anyMatch(name -> name.endsWith(".lock"));
        assertThat(modes.values()).containsOnly("rw-------", "rwx------");
    }

    private Shell.Result run(String before, String words) throws Exception {
        String launcher = Program.LAUNCHER.toString();
        return Shell.run(
                "sh",
                "-c",
                "cd '" + folder + "'; unset XDG_STATE_HOME XDG_CONFIG_HOME; export HOME='" + home + "'; "
                        + "WSLPROXY_JAVA='" + System.getProperty("java.home") + "'; export WSLPROXY_JAVA; " + before
                        + " '"
                        + launcher + "' " + words);
    }
}
