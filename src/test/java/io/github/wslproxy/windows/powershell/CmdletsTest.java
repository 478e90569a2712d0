package io.github.wslproxy.windows.powershell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every line for PowerShell is one that Windows takes, as far as its documentation tells. */
class CmdletsTest {
    /** They are for mirrored mode alone, which came with that firewall. */
    private static final List<String> WHERE_THERE_IS_A_HYPER_V_FIREWALL =
            List.of("firewall-mirrored.ps1", "hyper-v-rules.ps1");

    static Stream<Path> files() throws IOException {
        return GoldenFiles.all().stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void windowsTakesEveryCommand(Path file) throws Exception {
        int windows =
                WHERE_THERE_IS_A_HYPER_V_FIREWALL.contains(file.getFileName().toString())
                        ? Cmdlets.WITH_HYPER_V_FIREWALL
                        : Cmdlets.EVERY_WINDOWS;

        assertThat(CommandReader.read(GoldenFiles.allCommands(file))).isNotEmpty();
        assertThat(Cmdlets.documented().problems(GoldenFiles.allCommands(file), windows))
                .isEmpty();
    }

    /** A console may be unable to show, or to take, anything else. */
    @ParameterizedTest
    @MethodSource("files")
    void everyLineIsAscii(Path file) throws Exception {
        assertThat(GoldenFiles.text(file)).matches("[\\x20-\\x7e\\n]*");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "Get-NetFirewallRules -Group 'a' | Get-NetFirewallRules: no such cmdlet",
                "Remove-NetFirewallRule -Title 'a' | Remove-NetFirewallRule: no parameter -Title since 2016",
                "Remove-NetFirewallRule 'a' | Remove-NetFirewallRule: an argument for no parameter",
                "Remove-NetFirewallRule -Name | Remove-NetFirewallRule: -Name has no argument",
                "Remove-NetFirewallRule -Name -Group 'a' | Remove-NetFirewallRule: -Name has no argument",
                "New-NetFirewallRule -Direction In | New-NetFirewallRule: -Direction does not take In",
                "New-NetFirewallRule -Profile Domain,Home | New-NetFirewallRule: -Profile does not take Home",
                "New-NetFirewallRule -Protocol TCP,UDP | New-NetFirewallRule: -Protocol takes one String",
                "New-NetFirewallRule -RemoteDynamicKeywordAddresses 'a' | New-NetFirewallRule: no parameter"
                        + " -RemoteDynamicKeywordAddresses since 2016",
                "Set-NetFirewallProfile -Enabled 1 | Set-NetFirewallProfile: -Enabled does not take 1",
                "Get-NetFirewallRule -GPOSession 'a' | Get-NetFirewallRule: no parameter -GPOSession since 2016",
                "Get-NetFirewallHyperVRule -Name 'a' | Get-NetFirewallHyperVRule: no parameter -Name since 2016",
                "if ($x) { Get-NetFirewallHyperVRule -Name 'a' } | Get-NetFirewallHyperVRule:"
                        + " no parameter -Name since 2016",
                "Test-Path -LiteralPath 'a' -ErrorAction Off | Test-Path: -ErrorAction does not take Off",
            })
    void whatWindowsWouldNotTakeIsFound(String script, String problem) throws Exception {
        assertThat(Cmdlets.documented().problems(script, Cmdlets.EVERY_WINDOWS))
                .singleElement()
                .asString()
                .isEqualTo(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if (Get-Command New-NetFirewallHyperVRule) { New-NetFirewallHyperVRule -Name 'a' }",
                "Set-NetFirewallProfile -profile Domain,Private -AllowInboundRules True",
                "foreach ($x in Get-NetFirewallProfile -All) { \"$($x | Where-Object Name -like 'a')\" }"
            })
    void whatWindowsTakesIsTaken(String script) throws Exception {
        assertThat(Cmdlets.documented().problems(script, Cmdlets.EVERY_WINDOWS)).isEmpty();
    }

    /** Windows PowerShell refuses the first, and writes UTF-16 behind what the file of the second has. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "net stop winnat & net start winnat",
                "wslproxy completion powershell >> $PROFILE",
                "Remove-NetFirewallRule -Name <x>",
                "Get-It `a"
            })
    void whatNotEveryPowerShellReadsIsRefused(String script) {
        assertThatThrownBy(() -> CommandReader.read(script)).isInstanceOf(AssertionError.class);
    }

    @Test
    void commandsInsideOfGroupsBlocksAndStringsAreFound() {
        assertThat(CommandReader.read("""
                        function Say { $args | ForEach-Object { "$(Get-A 'x' | Get-B)" } }
                        $y = Get-C -D (Get-E) # Get-F
                        foreach ($key in Get-G) { try { Say $key } catch { Get-H } }
                        @{ 'a' = 'Get-I', 'b' }
                        """))
                .extracting(CommandReader.Command::name)
                .containsExactly("ForEach-Object", "Get-A", "Get-B", "Get-C", "Get-E", "Get-G", "Get-H");
    }
}
