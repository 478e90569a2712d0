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

/** Rules as they were seen in registries, and as [MS-GPFAS] 2.2.2.19 has them. */
class RuleTextTest {
    private static Optional<FirewallRule> read(String text) {
        return RuleText.read("an-id", false, text, Rules::variable);
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
                        List.of(),
                        List.of(),
                        ""));
        assertThat(rule.label()).isEqualTo("\"OpenJDK Platform binary\" (an-id)");
    }

    @Test
    void portsAreSingleOnesAndRanges() {
        FirewallRule rule = rule("v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=5173|LPort2_10=8000-8010"
                + "|LPort=443|Name=x|");

        assertThat(rule.ports())
                .containsExactlyInAnyOrder(PortRange.of(5173), PortRange.of(443), new PortRange(8000, 8010));
        assertThat(rule.conditions()).isEmpty();
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
                + "|RA4=192.168.7.0/255.255.255.0|RA6=fd00::/8|RA42=IntErnet|RA62=IntErnet|Name=x|");

        assertThat(rule.remoteAddresses())
                .containsExactly("LocalSubnet", "192.168.7.0/255.255.255.0", "fd00::/8", "IntErnet");
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

    /**
     * Not in force, not coming in, of another protocol, for a service, for an app in a container, or for words only.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "v2.31|Action=Allow|Active=FALSE|Dir=In|Protocol=6|Name=x|",
                "v2.31|Action=Allow|Active=TRUE|Dir=Out|Protocol=6|Name=x|",
                "v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=1|ICMP4=8:*|Name=x|",
                "v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=17|LPort=500|App=%SystemRoot%\\svchost.exe|Svc=ikeext|",
                "v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Svc=*|Name=x|",
                "v2.31|Action=Allow|Active=TRUE|Dir=In|AppPkgId=S-1-15-2-1-2|LUOwn=S-1-5-21-1|Platform=2:6:2|",
                "v2.31|Action=Allow|Active=TRUE|Dir=In|PFN=Microsoft.X_8wekyb3d8bbwe|Name=x|",
                "v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=RPC|Name=x|",
                "v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort2_10=IPTLSIn|LPort2_10=IPHTTPSIn|Name=x|",
                "v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort2_10=9-99999999|Name=x|",
                "v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=99999|Name=x|",
                "v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Nowhere|Name=x|",
                "v2.31|",
                ""
            })
    void whatCannotConcernWslproxyIsLeftOut(String text) {
        assertThat(read(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "IF={11111111-2222-3333-4444-555555555555}, IF",
        "IFType=Wireless, IFType",
        "LA4=192.168.7.1, LA4",
        "RPort=53, RPort",
        "Security=Authenticate, Security",
        "LUAuth=O:LSD:(D;;CC;;;S-1-2-1), LUAuth",
        "TTK2_27=UPnP, TTK2_27",
        "Platform=2:6:1, Platform",
        "NewInWindows13=TRUE, NewInWindows13"
    })
    void whatElseItDependsOnIsNamed(String field, String condition) {
        assertThat(rule("v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Name=x|" + field + "|")
                        .conditions())
                .containsExactly(condition);
    }

    @Test
    void whatIsForEveryLaterWindowsIsNoCondition() {
        assertThat(
                        rule("v2.31|Action=Allow|Active=TRUE|Dir=In|Name=x|Platform=2:6:2|Platform2=GTEQ|Edge=TRUE|LSM=TRUE|")
                                .conditions())
                .isEmpty();
    }

    @Test
    void anActionThatIsNeitherIsACondition() {
        assertThat(rule("v2.31|Action=ByPass|Active=TRUE|Dir=In|Name=x|").conditions())
                .containsExactly("Action");
    }

    @Test
    void aNameThatIsAReferenceIsNotShown() {
        assertThat(rule("v2.31|Action=Allow|Active=TRUE|Dir=In|Name=@FirewallAPI.dll,-25000|")
                        .label())
                .isEqualTo("an-id");
    }
}
