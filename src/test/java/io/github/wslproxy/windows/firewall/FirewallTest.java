package io.github.wslproxy.windows.firewall;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.testing.FakeRunner;
import io.github.wslproxy.windows.firewall.Firewall.ApplyOutcome;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FirewallTest {
    private static final String POWERSHELL = "C:\\WINDOWS\\System32\\WindowsPowerShell\\v1.0\\powershell.exe ";
    private static final List<String> TWO = List.of("Remove-It 'a'", "New-It \"J$([char]0xf6)rg\"");

    private final FakeRunner runner = new FakeRunner();
    private final Firewall firewall = new Firewall(runner, "C:\\WINDOWS", true, Optional::empty);

    /** What is passed as -EncodedCommand. */
    private static String script(String command) {
        Matcher encoded = Pattern.compile("-EncodedCommand ([A-Za-z0-9+/=]+)").matcher(command);
        assertThat(encoded.find()).isTrue();
        return new String(Base64.getDecoder().decode(encoded.group(1)), UTF_16LE);
    }

    @Test
    void itIsReadByOneCallOfPowerShell() {
        runner.thenPrints(
                new FirewallOutput().network("Wi-Fi", "Home", "Private").output());

        assertThat(firewall.state()).map(FirewallState::networks).hasValueSatisfying(networks -> assertThat(networks)
                .hasSize(1));

        List<String> ran = runner.ranSince();
        assertThat(ran).singleElement().asString().startsWith(POWERSHELL + "-NoProfile -NonInteractive ");
        assertThat(script(ran.get(0)))
                .contains("SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy")
                .contains("Get-NetConnectionProfile")
                .matches("[\\x20-\\x7e\\r\\n]*");
    }

    @Test
    void noModuleOfTheUserIsLoaded() {
        runner.thenPrints("").thenPrints("ended 0");
        firewall.state();
        firewall.apply(TWO);

        List<String> ran = runner.ranSince();
        assertThat(script(ran.get(0)).lines().filter(line -> !line.startsWith("#")))
                .first()
                .isEqualTo("$env:PSModulePath = \"$PSHOME\\Modules\"");
        assertThat(script(ran.get(1))).startsWith("$env:PSModulePath = \"$PSHOME\\Modules\"\n");
        assertThat(ran.get(1)).contains("-Command $env:PSModulePath = $PSHOME + '\\Modules'; ");
    }

    @Test
    void whatFailsIsNotKnown() {
        Duration took = FakeRunner.TOOK;
        runner.thenPrints("")
                .then(FakeRunner.ended(1, new FirewallOutput().output()))
                .then(new CommandResult.NotStarted("CreateProcess error=2", took))
                .then(new CommandResult.TimedOut(new FirewallOutput().output(), took))
                .then(new CommandResult.TooLong(1, took))
                .then(new CommandResult.Interrupted(took));

        for (int i = 0; i < 6; i++) {
            assertThat(firewall.state()).isEmpty();
        }
    }

    @Test
    void elsewhereNothingIsAsked() {
        Firewall none = new Firewall(runner, "C:\\WINDOWS", false, Optional::empty);

        assertThat(none.state()).isEmpty();
        assertThat(none.isHere()).isFalse();
        assertThat(runner.ranSince()).isEmpty();
    }

    @Test
    void allCommandsAreRunElevatedByOneCall() {
        runner.thenPrints("ended 0\r\n");

        assertThat(firewall.apply(TWO)).isEqualTo(new ApplyOutcome.Applied());

        List<String> ran = runner.ranSince();
        assertThat(ran)
                .singleElement()
                .asString()
                .startsWith(POWERSHELL + "-NoProfile -NonInteractive ")
                .contains("$start.Verb = 'runas'")
                .doesNotContain("\"");
        assertThat(script(ran.get(0))).isEqualTo("""
                $env:PSModulePath = "$PSHOME\\Modules"
                $ErrorActionPreference = 'Stop'
                $ProgressPreference = 'SilentlyContinue'
                $status = 10
                try {
                Remove-It 'a'
                $status++
                New-It "J$([char]0xf6)rg"
                $status++
                exit 0
                } catch { exit $status }
                """);
    }

    @ParameterizedTest
    @CsvSource({"10, 0", "11, 1"})
    void theOneThatFailedIsNamed(int status, int command) {
        runner.thenPrints("ended " + status);

        assertThat(firewall.apply(TWO)).isEqualTo(new ApplyOutcome.Failed(TWO.get(command)));
    }

    @Test
    void noPermissionIsNoFailure() {
        runner.thenPrints("refused 1223\r\n");

        assertThat(firewall.apply(TWO)).isEqualTo(new ApplyOutcome.Dismissed());
    }

    /** The first is what Wine's stub prints; 12 is no command of two, 1 is PowerShell's own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ended 12",
                "ended 1",
                "ended -1",
                "ended ",
                "refused 5",
                "refused ",
                "Zugriff verweigert",
                "ended 0\nmore",
                "ended 99999999999"
            })
    void anythingElseIsNotKnown(String output) {
        runner.thenPrints(output);

        assertThat(firewall.apply(TWO)).isEqualTo(new ApplyOutcome.NotKnown());
    }

    @Test
    void whatDidNotEndIsNotKnown() {
        runner.then(new CommandResult.TimedOut("ended 0", FakeRunner.TOOK));

        assertThat(firewall.apply(TWO)).isEqualTo(new ApplyOutcome.NotKnown());
    }

    @Test
    void moreThanWindowsTakesIsNotStarted() {
        List<String> many = Collections.nCopies(100, "New-NetFirewallRule ".repeat(10));

        assertThat(firewall.apply(many)).isEqualTo(new ApplyOutcome.TooLong());
        assertThat(runner.ranSince()).isEmpty();
    }
}
