package io.github.wslproxy.cli;

import static io.github.wslproxy.windows.task.FakeTaskTools.DENIED;
import static io.github.wslproxy.windows.task.FakeTaskTools.NO_SUCH_TASK;
import static io.github.wslproxy.windows.task.FakeTaskTools.RUN_VALUE;
import static io.github.wslproxy.windows.task.FakeTaskTools.TASK;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.app.RunningInstance;
import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What uninstall removes, and what it leaves. */
@Tag("slow")
@Timeout(60)
class UninstallCommandTest extends LogonFixture {
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
}
