package io.github.wslproxy.cli;

import static io.github.wslproxy.windows.task.FakeTaskTools.DENIED;
import static io.github.wslproxy.windows.task.FakeTaskTools.NO_SUCH_TASK;
import static io.github.wslproxy.windows.task.FakeTaskTools.RUN_VALUE;
import static io.github.wslproxy.windows.task.FakeTaskTools.TASK;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.app.RunningInstance;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the running instance is stopped, and what becomes of the logon task. */
@Tag("slow")
@Timeout(60)
class StopCommandTest extends LogonFixture {
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
}
