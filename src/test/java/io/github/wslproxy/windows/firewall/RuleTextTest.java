package io.github.wslproxy.windows.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** FirewallOutput as they were seen in registries, and as [MS-GPFAS] 2.2.2.19 has them. */
class RuleTextTest {
    private static Optional<FirewallRule> read(String text) {
        return RuleText.read("an-id", false, text, FirewallOutput::variable);
    }

    private static FirewallRule rule(String text) {
        return read(text).orElseThrow();
    }

    @Test
    void aDismissedPromptIsABlockOfOneProgram() {
        FirewallRule rule = rule("v2.10|Action=Block|Active=TRUE|Dir=In|Protocol=6|Profile=Private"
                + "|App=C:\\program files\\java\\bin\\javaw.exe|Name=OpenJDK Platform binary"
                + "|Desc=OpenJDK Platform binary|Defer=User|");

        assertThat(rule)
                .isEqualTo(new FirewallRule(
                        "an-id",
                        "OpenJDK Platform binary",
                        true,
                        false,
                        Set.of(NetworkCategory.PRIVATE),
                        Set.of(Protocol.TCP),
                        List.of(),
                        Optional.of("C:\\program files\\java\\bin\\javaw.exe"),
                        RemoteAddresses.ANY,
                        false,
                        ""));
        assertThat(rule.label()).isEqualTo("\"OpenJDK Platform binary\" (an-id)");
    }

    @Test
    void portsAreSingleOnesAndRanges() {
        FirewallRule rule = rule("v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=5173|LPort2_10=8000-8010"
                + "|LPort=443|Name=x|");

        assertThat(rule.ports())
                .containsExactlyInAnyOrder(PortRange.of(5173), PortRange.of(443), new PortRange(8000, 8010));
        assertThat(rule.conditional()).isFalse();
    }

    @Test
    void withoutProfilesItIsForAll() {
        assertThat(rule("v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=17|Name=x|")
                        .profiles())
                .containsExactlyInAnyOrder(NetworkCategory.values());
        assertThat(rule("v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=17|Profile=Domain|Profile=Public|Name=x|")
                        .profiles())
                .containsExactlyInAnyOrder(NetworkCategory.DOMAIN, NetworkCategory.PUBLIC);
    }

    @ParameterizedTest
    @CsvSource({"Protocol=6|, TCP", "Protocol=17|, UDP"})
    void theProtocolIsANumber(String field, Protocol protocol) {
        assertThat(rule("v2.31|Action=Allow|Active=TRUE|Dir=In|" + field + "Name=x|")
                        .protocols())
                .containsExactly(protocol);
    }

    @Test
    void withoutAProtocolItIsForAll() {
        assertThat(rule("v2.31|Action=Allow|Active=TRUE|Dir=In|Name=x|").protocols())
                .containsExactlyInAnyOrder(Protocol.values());
    }

    @Test
    void addressesOfBothFamiliesAreTogetherAndNoneTwice() {
        FirewallRule rule = rule("v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|RA4=LocalSubnet|RA6=LocalSubnet"
                + "|RA4=192.168.7.0/255.255.255.0|RA6=fd00::/8|Name=x|");

        assertThat(rule.remote().entries()).containsExactly("LocalSubnet", "192.168.7.0/255.255.255.0", "fd00::/8");
    }

    @Test
    void variablesOfThePathAreReplacedIfTheyAreKnown() {
        assertThat(rule("v2.31|Action=Allow|Active=TRUE|Dir=In|App=%SystemRoot%\\java.exe|Name=x|")
                        .program())
                .contains("C:\\WINDOWS\\java.exe");
        assertThat(rule("v2.31|Action=Allow|Active=TRUE|Dir=In|App=%Other%\\java.exe|Name=x|")
                        .program())
                .contains("%Other%\\java.exe");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v2.31|Action=Allow|Active=FALSE|Dir=In|Protocol=6|Name=x|",
                "v2.31|Action=Allow|Active=TRUE|Dir=Out|Protocol=6|Name=x|",
                "v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=1|ICMP4=8:*|Name=x|",
                "v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Nowhere|Name=x|",
                "v2.31|",
                ""
            })
    void whatIsNotInForceOrNeitherTcpNorUdpThatComesInIsLeftOut(String text) {
        assertThat(read(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "IF={11111111-2222-3333-4444-555555555555}",
                "IFType=Wireless",
                "LA4=192.168.7.1",
                "RPort=53",
                "RA42=IntErnet",
                "Security=Authenticate",
                "LUAuth=O:LSD:(D;;CC;;;S-1-2-1)",
                "Svc=ikeext",
                "AppPkgId=S-1-15-2-1-2",
                "Platform=2:6:1",
                "LPort=RPC",
                "LPort2_10=9-99999999",
                "LPort=99999",
                "NewInWindows13=TRUE"
            })
    void whatElseItDependsOnMakesItConditional(String field) {
        assertThat(rule("v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Name=x|" + field + "|")
                        .conditional())
                .isTrue();
    }

    @Test
    void anActionThatIsNeitherIsACondition() {
        assertThat(rule("v2.31|Action=ByPass|Active=TRUE|Dir=In|Name=x|").conditional())
                .isTrue();
        assertThat(rule("v2.31|Action=Allow|Active=TRUE|Dir=In|Name=x|Edge=TRUE|LSM=TRUE|")
                        .conditional())
                .isFalse();
    }

    @Test
    void aNameThatIsAReferenceIsNotShown() {
        assertThat(rule("v2.31|Action=Allow|Active=TRUE|Dir=In|Name=@FirewallAPI.dll,-25000|")
                        .label())
                .isEqualTo("an-id");
    }
}
