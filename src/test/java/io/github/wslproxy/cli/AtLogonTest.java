package io.github.wslproxy.cli;

import static io.github.wslproxy.windows.task.FakeTaskTools.DENIED;
import static io.github.wslproxy.windows.task.FakeTaskTools.DISABLED_TASK;
import static io.github.wslproxy.windows.task.FakeTaskTools.NO_SUCH_TASK;
import static io.github.wslproxy.windows.task.FakeTaskTools.RUN_VALUE;
import static io.github.wslproxy.windows.task.FakeTaskTools.TASK;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.app.InstanceLock;
import io.github.wslproxy.app.RunningInstance.Started;
import io.github.wslproxy.app.RunningInstance;
import io.github.wslproxy.app.StateDirectory;
import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.FakeRunner;
import io.github.wslproxy.windows.task.Account;
import io.github.wslproxy.windows.task.InstalledProgram;
import io.github.wslproxy.windows.task.FakeTaskTools;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** install, uninstall, start, stop and logs on a pretend Windows, whose Task Scheduler starts a pretend program. */
@Tag("slow")
@Timeout(60)
class AtLogonTest {
    private static final long OWN_PID = ProcessHandle.current().pid();
    private static final Account ALICE =
            new Account("PC\\alice", Optional.of("S-1-5-21-1-2-3-1001"), Optional.of(false), Optional.of(false));

    @TempDir
    Path temp;

    private final FakeTaskTools windows = new FakeTaskTools().withNothing();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path config;
    private StateDirectory state;
    private Account account = ALICE;
    private boolean isWindows = true;
    private boolean startIt = true;
    private Optional<Thread> program = Optional.empty();

    @BeforeEach
    void configure() throws IOException {
        state = new StateDirectory(temp.resolve("state"), temp.resolve("state/logs/wslproxy.log"));
        config = Files.writeString(temp.resolve("proxy.toml"), """
                [wsl]
                address = "192.0.2.1"
                [[forward]]
                port = 3000
                """);
        windows.starts(this::startProgram);
    }

    @AfterEach
    void endProgram() {
        program.ifPresent(Thread::interrupt);
    }

    private void startProgram() {
        Thread thread = new Thread(() -> {
            try (InstanceLock lock = InstanceLock.take(config, state)) {
                lock.announce(new Started(Optional.empty(), Map.of(), List.of("FORWARD", "tcp-3000")));
                lock.awaitStopRequest();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((ended, failure) -> {});
        thread.start();
        program = Optional.of(thread);
    }

    private void startProgramAndWait() throws Exception {
        startProgram();
        Await.until(() -> RunningInstance.of(config, state)
                .flatMap(RunningInstance::startTable)
                .isPresent());
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        InstallContext user = new InstallContext(
                isWindows,
                isWindows ? windows.autostart() : windows.autostartElsewhere(),
                state,
                () -> account,
                () -> new InstalledProgram("C:\\Program", "C:\\Program\\runtime\\bin\\javaw.exe"),
                () -> startIt);
        CommandLine command = Commands.line(new WslProxyCommand(), commandsOf(user));
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }

    private int runWithConfig(String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--config";
        all[arguments.length + 1] = config.toString();
        return run(all);
    }

    private static IFactory commandsOf(InstallContext user) {
        return new IFactory() {
            @Override
            public <K> K create(Class<K> type) throws Exception {
                if (type.getPackage().equals(InstallContext.class.getPackage()) && hasUser(type)) {
                    return type.getDeclaredConstructor(InstallContext.class).newInstance(user);
                }
                return CommandLine.defaultFactory().create(type);
            }
        };
    }

    private static boolean hasUser(Class<?> type) {
        return List.of(type.getDeclaredConstructors()).stream()
                .anyMatch(
                        constructor -> List.of(constructor.getParameterTypes()).contains(InstallContext.class));
    }

    // ---- install

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
        windows.starts(() -> {
            try {
                Files.createDirectories(state.log().getParent());
                Files.writeString(state.log(), "2026-11-22 ERROR wslproxy: no forward can listen\n");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });

        assertThat(runWithConfig("install")).isEqualTo(1);
        assertThat(err.toString()).contains("did not start", state.log().toString(), "no forward can listen");
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

    // ---- start and stop

    @Test
    void stopDisablesTheTaskFirstAndThenEndsTheProgram() throws Exception {
        installed(TASK);
        startProgramAndWait();

        assertThat(run("stop")).as("%s", err).isZero();
        assertThat(windows.ran())
                .containsExactly(
                        "schtasks /Query /TN \"wslproxy-alice\" /XML",
                        "schtasks /Change /TN \"wslproxy-alice\" /DISABLE");
        assertThat(out.toString())
                .contains("wslproxy (pid " + OWN_PID + ") has stopped.")
                .contains("disabled", "wslproxy start");
        assertThat(RunningInstance.of(config, state)).isEmpty();
    }

    @Test
    void stopWithNothingToStopStillDisablesTheTask() throws Exception {
        installed(TASK);

        assertThat(run("stop")).isZero();
        assertThat(out.toString()).contains("No wslproxy is running with " + config, "disabled");
        assertThat(windows.ran()).contains("schtasks /Change /TN \"wslproxy-alice\" /DISABLE");
    }

    @Test
    void aTaskThatCannotBeDisabledIsNotPassedOver() throws Exception {
        installed(TASK);
        windows.when("schtasks /Change", DENIED);
        startProgramAndWait();

        assertThat(run("stop")).isEqualTo(1);
        assertThat(out.toString()).contains("has stopped");
        assertThat(err.toString()).contains("within five minutes", "Access is denied", "wslproxy uninstall");
    }

    @Test
    void stoppingAnotherConfigurationLeavesTheTaskAlone() throws Exception {
        Path other = Files.writeString(temp.resolve("other.toml"), "");
        Files.createDirectories(state.path());
        Files.writeString(state.installedConfig(), other.toString());
        startProgramAndWait();

        assertThat(runWithConfig("stop")).isZero();
        assertThat(out.toString()).contains("has stopped").doesNotContain("task");
        assertThat(windows.ran()).isEmpty();
    }

    @Test
    void whatTheRunKeyStartedStartsAgainAtTheNextLogon() throws Exception {
        installed(NO_SUCH_TASK, RUN_VALUE);
        startProgramAndWait();

        assertThat(run("stop")).isZero();
        assertThat(out.toString()).contains("starts again at the next logon");
    }

    @Test
    void stopSaysThatItDoesNotKnowOfATask() throws Exception {
        windows.when("schtasks /Query /FO", DENIED);
        installed(DENIED, "");
        startProgramAndWait();

        assertThat(run("stop")).isZero();
        assertThat(out.toString())
                .contains("has stopped", "Whether it has a logon task is not known", "within five minutes");
    }

    @Test
    void startEnablesTheTaskAndRunsIt() throws Exception {
        installed(DISABLED_TASK);

        assertThat(run("start")).as("%s", err).isZero();
        assertThat(windows.ran())
                .containsExactly(
                        "schtasks /Query /TN \"wslproxy-alice\" /XML",
                        "schtasks /Change /TN \"wslproxy-alice\" /ENABLE",
                        "schtasks /Run /TN \"wslproxy-alice\"");
        assertThat(out.toString()).contains("task is enabled", "tcp-3000");
    }

    @Test
    void startDoesNothingWhereItRuns() throws Exception {
        installed(TASK);
        startProgramAndWait();

        assertThat(run("start")).isZero();
        assertThat(out.toString()).contains("runs already, as pid " + OWN_PID);
        assertThat(windows.ran()).containsExactly("schtasks /Query /TN \"wslproxy-alice\" /XML");
    }

    @Test
    void startSpawnsWhatTheRunKeyNames() throws Exception {
        installed(NO_SUCH_TASK, RUN_VALUE);

        assertThat(run("start")).as("%s", err).isZero();
        assertThat(windows.ran()).last().asString().startsWith("start C:\\Program\\runtime\\bin\\javaw.exe ");
        assertThat(out.toString()).contains("tcp-3000");
    }

    @Test
    void startWithNothingInstalledSaysWhatToDo() {
        assertThat(runWithConfig("start")).isEqualTo(1);
        assertThat(err.toString().lines()).singleElement().asString().contains("wslproxy install");
    }

    @Test
    void startTakesNoOtherConfigurationThanTheInstalledOne() throws Exception {
        installed(TASK);
        Path other = Files.writeString(temp.resolve("other.toml"), "");

        assertThat(run("start", "--config", other.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("wslproxy install --config");
    }

    // ---- uninstall

    @Test
    void uninstallRemovesAllThatInstallMadeAndNamesWhatIsLeft() throws Exception {
        assertThat(runWithConfig("install")).isZero();
        windows.ran();
        windows.when("schtasks /Query", TASK);

        assertThat(run("uninstall")).as("%s", err).isZero();
        assertThat(windows.ran()).contains("schtasks /Delete /TN \"wslproxy-alice\" /F");
        assertThat(out.toString())
                .contains("The logon task wslproxy-alice is removed.", "has stopped")
                .containsPattern("configuration +\\Q" + config)
                .containsPattern("log +\\Q" + state.log())
                .containsPattern("program +C:\\\\Program");
        assertThat(config).exists();
        try (var left = Files.walk(state.path())) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void uninstallRemovesTheRunKeyToo() throws Exception {
        windows.when("schtasks", NO_SUCH_TASK);
        assertThat(runWithConfig("install", "--run-key", "--no-start")).isZero();
        windows.when("reg query", RUN_VALUE);

        assertThat(run("uninstall")).as("%s", err).isZero();
        assertThat(windows.ran())
                .contains("reg delete HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run /v wslproxy /f");
        assertThat(out.toString()).contains("Run key is removed").doesNotContain("task");
        assertThat(state.logonOptions()).doesNotExist();
    }

    @Test
    void withNothingInstalledThereIsNothingToRemove() {
        assertThat(run("uninstall")).isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines("Nothing is installed.");
    }

    @Test
    void aTaskThatCannotBeRemovedIsAFailure() throws Exception {
        installed(TASK);
        windows.when("schtasks /Delete", DENIED);

        assertThat(run("uninstall")).isEqualTo(1);
        assertThat(err.toString()).contains("schtasks /Delete", "Access is denied");
    }

    /** Denied is not absent: it would start again within five minutes, with nothing left that knows of it. */
    @Test
    void whatMayBeThereStillIsNotForgotten() throws Exception {
        windows.when("schtasks /Query /FO", DENIED).when("schtasks /Delete", DENIED);
        installed(DENIED, "");
        startProgramAndWait();

        assertThat(run("uninstall")).isEqualTo(1);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("not known whether there is a logon task", "Access is denied", "nothing is removed");
        assertThat(state.installedConfig()).hasContent(config.toString());
        assertThat(RunningInstance.of(config, state)).isPresent();
    }

    @Test
    void theRunKeyIsRemovedWhereTheTaskSchedulerIsOutOfReach() throws Exception {
        windows.when("schtasks /Query /FO", DENIED).when("schtasks /Delete", DENIED);
        installed(DENIED, RUN_VALUE);

        assertThat(run("uninstall")).isZero();
        assertThat(out.toString()).contains("Run key is removed");
        assertThat(err.toString())
                .contains("warning: it is not known whether there is a logon task", "Access is denied");
        assertThat(state.installedConfig()).doesNotExist();
    }

    // ---- logs

    @Test
    void logsNameTheFileAndShowItsEnd() throws Exception {
        writeLog(state.log(), "one\ntwo\nthree\n");

        assertThat(runWithConfig("logs", "-n", "2")).isZero();
        assertThat(out.toString().lines()).containsExactly(state.log() + ":", "two", "three");
    }

    @Test
    void logsFollowTheConfiguration() throws Exception {
        Files.writeString(config, Files.readString(config) + "[log]\nfile = \"mine.log\"\n");
        writeLog(temp.resolve("mine.log"), "mine\n");

        assertThat(runWithConfig("logs")).isZero();
        assertThat(out.toString().lines()).containsExactly(temp.resolve("mine.log") + ":", "mine");
    }

    @Test
    void withABrokenConfigurationTheDefaultLogIsShown() throws Exception {
        Files.writeString(config, "x =");
        writeLog(state.log(), "why\n");

        assertThat(runWithConfig("logs")).isZero();
        assertThat(err.toString()).contains(config.toString(), "wslproxy check");
        assertThat(out.toString()).contains("why");
    }

    @Test
    void withoutALogThatIsSaid() {
        assertThat(runWithConfig("logs")).isEqualTo(1);
        assertThat(err.toString().lines()).singleElement().asString().contains("no log yet at " + state.log());
    }

    @Test
    void logsGoOnWhileTheyAreFollowed() throws Exception {
        writeLog(state.log(), "one\n");
        Thread following = new Thread(() -> runWithConfig("logs", "--follow"));
        following.start();
        try {
            Await.until(() -> out.toString().contains("one"));
            writeLog(state.log(), "one\ntwo\n");
            Await.until(() -> out.toString().contains("two"));
        } finally {
            following.interrupt();
            following.join();
        }
    }

    private void installed(String task) throws IOException {
        installed(FakeRunner.ended(0, task), "");
    }

    private void installed(CommandResult task, String runKey) throws IOException {
        windows.when("schtasks /Query", task);
        if (!runKey.isEmpty()) {
            windows.when("reg query", runKey);
        }
        Files.createDirectories(state.path());
        Files.writeString(state.installedConfig(), config.toString());
    }

    private static void writeLog(Path log, String text) throws IOException {
        Files.createDirectories(log.getParent());
        Files.writeString(log, text);
    }
}
