package io.github.wslproxy.cli;

import static io.github.wslproxy.windows.task.FakeTaskTools.DENIED;
import static io.github.wslproxy.windows.task.FakeTaskTools.NO_SUCH_TASK;
import static io.github.wslproxy.windows.task.FakeTaskTools.RUN_VALUE;
import static io.github.wslproxy.windows.task.FakeTaskTools.TASK;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.app.RunningInstance;
import io.github.wslproxy.windows.task.Account;
import io.github.wslproxy.windows.task.LauncherLetters;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What install makes, replaces and refuses. */
@Tag("slow")
@Timeout(60)
class InstallCommandTest extends LogonFixture {
    private static final LauncherLetters WESTERN = new LauncherLetters(Charset.forName("windows-1252"));

    @Test
    void installRegistersTheTaskStartsItAndShowsWhatListens() {
        assertThat(runWithConfig("install")).as("%s%s", out, err).isZero();

        assertThat(windows.ran())
                .containsExactly(
                        "schtasks /Query /TN \"wslproxy-alice\" /XML",
                        "schtasks /Query /FO CSV /NH",
                        "reg query HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run /v wslproxy",
                        "schtasks /Create /TN \"wslproxy-alice\" /XML FILE /F",
                        "reg query HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run /v wslproxy",
                        "schtasks /Run /TN \"wslproxy-alice\"");
        assertThat(out.toString())
                .contains("by the task \"wslproxy-alice\".")
                .containsPattern("account +PC\\\\alice")
                .contains(config.toString(), state.log().toString(), "C:\\Program", "javaw.exe")
                .contains("tcp-3000")
                .contains("pid " + OWN_PID);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void installReplacesATaskAndSaysSo() {
        windows.when("schtasks /Query", TASK);

        assertThat(runWithConfig("install", "--no-start")).isZero();
        assertThat(out.toString()).contains("replaces the one that was there", "wslproxy start does that");
        assertThat(windows.ran()).noneMatch(line -> line.contains("/Run"));
    }

    @Test
    void whoeverDeclinesTheStartIsTold() {
        startIt = false;

        assertThat(runWithConfig("install")).isZero();
        assertThat(out.toString()).contains("After wslproxy start Windows starts", "not started now; wslproxy start");
        assertThat(windows.registered())
                .as("it would start within five minutes")
                .contains("<Enabled>false</Enabled>");
        assertThat(windows.ran()).noneMatch(line -> line.contains("schtasks /Run"));
    }

    @Test
    void installDoesNotStartASecondOne() throws Exception {
        startProgramAndWait();

        assertThat(runWithConfig("install")).isZero();
        assertThat(out.toString()).contains("runs already, as pid " + OWN_PID);
        assertThat(windows.ran()).noneMatch(line -> line.contains("schtasks /Run"));
    }

    /** The Task Scheduler would start no second instance of the task, and nobody would stop the first one any more. */
    @Test
    void anotherConfigurationThatIsInstalledAndRunsIsStoppedFirst() throws Exception {
        installed(TASK);
        startProgramAndWait();
        Path former = config;
        config = Files.writeString(temp.resolve("other.toml"), Files.readString(former));

        assertThat(runWithConfig("install")).as("%s%s", out, err).isZero();

        assertThat(RunningInstance.of(former, state)).isEmpty();
        assertThat(RunningInstance.of(config, state)).isPresent();
        assertThat(out.toString())
                .containsSubsequence(
                        "Installed until now was " + former + ".",
                        "wslproxy (pid " + OWN_PID + ") has stopped.",
                        "replaces the one that was there",
                        "tcp-3000");
        assertThat(state.installedConfig()).hasContent(config.toString());
    }

    @Test
    void aPathThatTheTaskSchedulerWouldChangeIsRefused() throws Exception {
        config = Files.writeString(temp.resolve("50%.toml"), Files.readString(config));

        assertThat(runWithConfig("install")).isEqualTo(1);
        assertThat(err.toString().lines()).singleElement().asString().contains(config.toString(), "without % and $(");
        assertThat(windows.ran()).isEmpty();
        assertThat(runWithConfig("install", "--run-key")).as("%s", err).isZero();
    }

    /** java.exe would be given another path, and the task could never start. */
    @ParameterizedTest
    @ValueSource(strings = {"install", "install --run-key", "install --dry-run"})
    void aPathThatJavaCannotBeGivenIsRefusedWithItsLetters(String command) throws Exception {
        letters = WESTERN;
        Path folder = Files.createDirectory(temp.resolve("J\u00f6rg \u0141uk\u0105sz"));
        config = Files.copy(config, folder.resolve("proxy.toml"));

        assertThat(runWithConfig(command.split(" "))).isEqualTo(1);

        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains(config.toString(), "windows-1252", "\u0141 (U+0141), \u0105 (U+0105)", "move it")
                .doesNotContain("U+00F6");
        assertThat(out.toString()).isEmpty();
        assertThat(windows.ran()).isEmpty();
        assertThat(state.path()).doesNotExist();
    }

    /** The program finds it by %APPDATA%, which Windows hands over in all letters. */
    @Test
    void theDefaultConfigurationIsInstalledWhateverItsLettersAre() throws Exception {
        letters = WESTERN;
        Path folder = Files.createDirectory(temp.resolve("\u0141ukasz"));
        config = Files.copy(config, folder.resolve("proxy.toml"));
        defaultConfig = config;

        assertThat(runWithConfig("install")).as("%s", err).isZero();

        assertThat(windows.registered()).contains("--background").doesNotContain("--config");
        assertThat(state.installedConfig()).hasContent(config.toString());
    }

    @Test
    void anInvalidConfigurationIsNotInstalled() throws Exception {
        Files.writeString(config, "[[forward]]\nport = 99999\n");

        assertThat(runWithConfig("install")).isEqualTo(2);
        assertThat(err.toString()).startsWith(config + ":2:");
        assertThat(windows.ran()).isEmpty();
    }

    @Test
    void aMissingConfigurationNamesInit() throws Exception {
        Files.delete(config);

        assertThat(runWithConfig("install")).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains("wslproxy init");
    }

    @Test
    void aRefusedTaskLeadsToTheRunKey() {
        windows.when("schtasks /Create", DENIED);

        assertThat(runWithConfig("install")).isEqualTo(1);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("schtasks /Create", "Access is denied", "wslproxy install --run-key");
        assertThat(state.installedConfig()).doesNotExist();
    }

    @Test
    void theRunKeyDoesWithoutTheTaskScheduler() {
        windows.when("schtasks", NO_SUCH_TASK);

        assertThat(runWithConfig("install", "--run-key")).as("%s", err).isZero();
        assertThat(state.logonOptions()).content().contains("--background");
        assertThat(out.toString()).contains("from the Run key", "tcp-3000");
        assertThat(windows.ran())
                .anyMatch(line -> line.startsWith("reg add HKCU"))
                .last()
                .asString()
                .startsWith("start C:\\Program\\runtime\\bin\\javaw.exe @C:\\Program\\jvm.options @");
    }

    @Test
    void eachWayReplacesTheOther() {
        windows.when("schtasks /Query", TASK);
        assertThat(runWithConfig("install", "--run-key", "--no-start")).isZero();
        assertThat(windows.ran()).contains("schtasks /Delete /TN \"wslproxy-alice\" /F");
        assertThat(out.toString()).contains("The logon task that was there is removed");

        windows.when("schtasks /Query", NO_SUCH_TASK).when("reg query", RUN_VALUE);
        assertThat(runWithConfig("install", "--no-start")).isZero();
        assertThat(windows.ran())
                .contains("reg delete HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run /v wslproxy /f");
        assertThat(state.logonOptions()).doesNotExist();
    }

    @Test
    void systemCannotInstallIt() {
        account = new Account("NT AUTHORITY\\SYSTEM", Optional.of("S-1-5-18"), Optional.of(true), Optional.of(true));

        assertThat(runWithConfig("install")).isEqualTo(1);
        assertThat(err.toString()).contains("not installed: it runs as SYSTEM");
        assertThat(windows.ran()).isEmpty();
    }

    @Test
    void anElevatedInstallSaysWhatThatMeans() {
        account = new Account("PC\\admin", Optional.empty(), Optional.of(true), Optional.of(false));

        assertThat(runWithConfig("install", "--no-start")).isZero();
        assertThat(err.toString())
                .contains("warning: it runs as administrator")
                .contains("the task is that of PC\\admin, and only a window that is elevated too");
    }

    @Test
    void aProgramThatDoesNotStartIsReportedWithItsLog() throws Exception {
        windows.starts(() -> failProgram("no forward can listen"));

        assertThat(runWithConfig("install")).isEqualTo(1);
        assertThat(err.toString()).contains("it did not start: no forward can listen (its log: " + state.log() + ")");
    }

    @Test
    void aDryRunShowsTheTaskAndRunsNothing() {
        assertThat(runWithConfig("install", "--dry-run")).isZero();

        assertThat(out.toString())
                .startsWith("<?xml version=\"1.0\" encoding=\"UTF-16\"?>")
                .contains("<UserId>S-1-5-21-1-2-3-1001</UserId>")
                .contains("<Command>C:\\Program\\runtime\\bin\\javaw.exe</Command>")
                .endsWith("</Task>" + System.lineSeparator());
        assertThat(err.toString())
                .contains("  schtasks /Create /TN \"wslproxy-alice\" /XML \"%TEMP%\\wslproxy-task.xml\" /F")
                .contains("  schtasks /Run /TN \"wslproxy-alice\"");
        assertThat(windows.ran()).isEmpty();
        assertThat(state.path()).doesNotExist();
    }

    @Test
    void aDryRunOfTheRunKeyShowsItsOptionsAndCommand() {
        assertThat(runWithConfig("install", "--dry-run", "--run-key")).isZero();

        assertThat(out.toString())
                .contains("logon.options would be:", "\"C:\\\\Program\\\\lib\\\\*\"")
                .contains("  reg add HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run /v wslproxy");
        assertThat(windows.ran()).isEmpty();
    }

    @Test
    void elsewhereOnlyADryRunWorks() {
        isWindows = false;

        assertThat(runWithConfig("install")).isEqualTo(2);
        assertThat(err.toString()).contains("only Windows").contains("--dry-run");
        assertThat(runWithConfig("install", "--dry-run")).isZero();
        assertThat(out.toString()).contains("<Command>").contains("\\wslproxy\\runtime\\bin\\javaw.exe");
        assertThat(err.toString()).contains("this is not Windows");
        assertThat(run("uninstall")).isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines("Nothing is installed.");
        assertThat(windows.ran()).isEmpty();
    }
}
