package io.github.wslproxy.windows.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.process.CommandResult;
import io.github.wslproxy.testing.ScriptedRunner;
import io.github.wslproxy.windows.task.Autostart.State;
import org.junit.jupiter.api.Test;

class AutostartTest {
    private final PretendTaskTools windows = new PretendTaskTools().withNothing();

    private State state() {
        return windows.autostart().state();
    }

    @Test
    void theTaskIsKnownByItsXml() {
        windows.when("schtasks /Query", PretendTaskTools.TASK);

        assertThat(state()).isEqualTo(State.TASK);
        assertThat(windows.ran()).containsExactly("schtasks /Query /TN wslproxy /XML");
    }

    @Test
    void aTaskIsDisabledByItsSettingsWhateverItsTriggersSay() {
        windows.when("schtasks /Query", PretendTaskTools.DISABLED_TASK);

        assertThat(state()).isEqualTo(State.DISABLED_TASK);
    }

    @Test
    void withoutATaskItMayBeTheRunKey() {
        windows.when("reg query", PretendTaskTools.RUN_VALUE);

        assertThat(state()).isEqualTo(State.RUN_KEY);
    }

    @Test
    void withoutEitherItIsNotInstalled() {
        assertThat(state()).isEqualTo(State.NONE);
    }

    @Test
    void anAnswerWithNothingInItIsNoAnswer() {
        windows.when("schtasks /Query", "");

        assertThat(state()).isEqualTo(State.NOT_KNOWN);
    }

    @Test
    void aTaskSchedulerThatDoesNotAnswerLeavesItOpen() {
        windows.when("schtasks /Query", new CommandResult.TimedOut("", ScriptedRunner.TOOK));
        assertThat(state()).isEqualTo(State.NOT_KNOWN);

        windows.when("reg query", PretendTaskTools.RUN_VALUE);
        assertThat(state()).isEqualTo(State.RUN_KEY);
    }

    @Test
    void otherSystemsAreNotAsked() {
        Autostart elsewhere = new Autostart(windows.task(), windows.runKey(), false);

        assertThat(elsewhere.state()).isEqualTo(State.NONE);
        assertThat(windows.ran()).isEmpty();
    }
}
