package io.github.wslproxy.windows.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.testing.FakeRunner;
import io.github.wslproxy.windows.task.Autostart.AutostartState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AutostartTest {
    private final FakeTaskTools windows = new FakeTaskTools().withNothing();

    private AutostartState state() {
        return windows.autostart().state();
    }

    @Test
    void theTaskIsKnownByItsXml() {
        windows.when("schtasks /Query", FakeTaskTools.TASK);

        assertThat(state()).isEqualTo(AutostartState.TASK);
        assertThat(windows.ran()).containsExactly("schtasks /Query /TN \"wslproxy-alice\" /XML");
    }

    @Test
    void aTaskIsDisabledByItsSettingsWhateverItsTriggersSay() {
        windows.when("schtasks /Query", FakeTaskTools.DISABLED_TASK);

        assertThat(state()).isEqualTo(AutostartState.DISABLED_TASK);
    }

    @Test
    void withoutATaskItMayBeTheRunKey() {
        windows.when("reg query", FakeTaskTools.RUN_VALUE);

        assertThat(state()).isEqualTo(AutostartState.RUN_KEY);
    }

    @Test
    void withoutEitherItIsNotInstalled() {
        assertThat(state()).isEqualTo(AutostartState.NONE);
    }

    /** schtasks has one status for a task that is missing, access that is denied and a service that does not run. */
    @Test
    void aRefusalIsNotTakenForAnAbsence() {
        windows.when("schtasks /Query", FakeTaskTools.DENIED);
        assertThat(state()).as("a listing without it").isEqualTo(AutostartState.NONE);

        windows.when("schtasks /Query /FO", FakeTaskTools.LISTING + "\"\\WSLProxy-alice\",\"N/A\",\"Ready\"\n");
        assertThat(state()).as("a listing with it").isEqualTo(AutostartState.NOT_KNOWN);

        windows.when("schtasks /Query /FO", "");
        assertThat(state()).as("a listing of nothing").isEqualTo(AutostartState.NOT_KNOWN);

        windows.when("schtasks /Query /FO", FakeTaskTools.DENIED);
        assertThat(state()).as("no listing").isEqualTo(AutostartState.NOT_KNOWN);
    }

    /** Consoles have code pages of their own. */
    @ParameterizedTest
    @ValueSource(strings = {"J\ufffdrg", "J\u00f6rg", "J\u251c\u00c2rg", "J?rg"})
    void aNameIsFoundInTheListingHoweverItsLettersArrive(String listed) {
        windows.when("schtasks /Query /FO", "\"\\wslproxy-" + listed + "\",\"N/A\",\"Ready\"\n");

        assertThat(new LogonTask(windows.tools(), "wslproxy-J\u00f6rg").isUnlisted())
                .isFalse();
        assertThat(new LogonTask(windows.tools(), "wslproxy-J\u00f6rn").isUnlisted())
                .isTrue();
    }

    @Test
    void anAnswerWithNothingInItIsNoAnswer() {
        windows.when("schtasks /Query", "");

        assertThat(state()).isEqualTo(AutostartState.NOT_KNOWN);
    }

    @Test
    void aTaskSchedulerThatDoesNotAnswerLeavesItOpen() {
        windows.when("schtasks /Query", new CommandResult.TimedOut("", FakeRunner.TOOK));
        assertThat(state()).isEqualTo(AutostartState.NOT_KNOWN);

        windows.when("reg query", FakeTaskTools.RUN_VALUE);
        assertThat(state()).isEqualTo(AutostartState.RUN_KEY);
    }

    @Test
    void otherSystemsAreNotAsked() {
        Autostart elsewhere = new Autostart(windows.task(), windows.runKey(), false);

        assertThat(elsewhere.state()).isEqualTo(AutostartState.NONE);
        assertThat(windows.ran()).isEmpty();
    }
}
