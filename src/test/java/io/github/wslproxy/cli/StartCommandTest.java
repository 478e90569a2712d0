package io.github.wslproxy.cli;

import static io.github.wslproxy.windows.task.FakeTaskTools.DISABLED_TASK;
import static io.github.wslproxy.windows.task.FakeTaskTools.NO_SUCH_TASK;
import static io.github.wslproxy.windows.task.FakeTaskTools.RUN_VALUE;
import static io.github.wslproxy.windows.task.FakeTaskTools.TASK;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What start starts, and when it refuses. */
@Tag("slow")
@Timeout(60)
class StartCommandTest extends LogonFixture {
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
}
