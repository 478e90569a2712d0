package io.github.wslproxy.windows.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FirewallRuleTest {
    private static final RemoteAddresses LAN = new RemoteAddresses(List.of("LocalSubnet"));
    private static final String JAVAW = "C:\\Java\\bin\\javaw.exe";

    private static FirewallRule rule(String id, String fields) {
        return RuleText.read(id, false, "v2.31|Active=TRUE|Dir=In|" + fields, name -> Optional.empty())
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Protocol=6|LPort=80|",
                "Protocol=6|",
                "",
                "Protocol=6|LPort2_10=70-90|",
                "Protocol=6|LPort=443|LPort=80|",
                "LPort=80|RA4=LocalSubnet|RA6=LocalSubnet|",
                "LPort=80|RA4=10.0.0.0/8|RA4=172.16.0.0/12|RA4=192.168.0.0/16|RA4=169.254.0.0/16|"
            })
    void aRuleForThePortAndTheClientsLetsThemIn(String fields) {
        assertThat(rule("x", "Action=Allow|" + fields).letsIn(Protocol.TCP, PortRange.of(80), LAN))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Action=Allow|Protocol=17|LPort=80|",
                "Action=Allow|LPort=8080|",
                "Action=Allow|LPort=80|RA42=IntErnet|",
                "Action=Allow|LPort=80|RA4=203.0.113.0/24|",
                "Action=Allow|LPort=80|RA4=192.168.7.66|",
                "Action=Allow|LPort=80|RA4=DefaultGateway|",
                "Action=Allow|LPort=80|IFType=Wireless|",
                "Action=Block|LPort=80|"
            })
    void aRuleForLessDoesNot(String fields) {
        assertThat(rule("x", fields).letsIn(Protocol.TCP, PortRange.of(80), LAN))
                .isFalse();
    }

    @Test
    void aRangeIsLetInAsAWholeAndConcernedInPart() {
        FirewallRule rule = rule("x", "Action=Allow|LPort2_10=8000-8005|");

        assertThat(rule.letsIn(Protocol.TCP, new PortRange(8000, 8005), LAN)).isTrue();
        assertThat(rule.letsIn(Protocol.TCP, new PortRange(8000, 8006), LAN)).isFalse();
        assertThat(rule.concerns(Protocol.TCP, new PortRange(8005, 9000))).isTrue();
        assertThat(rule.concerns(Protocol.TCP, new PortRange(8006, 9000))).isFalse();
    }

    @Test
    void aProgramIsKnownByItsPathInAnyCase() {
        FirewallRule rule = rule("x", "Action=Allow|App=C:\\JAVA\\Bin\\JavaW.exe|");

        assertThat(rule.isFor(Optional.of(JAVAW))).isTrue();
        assertThat(rule.isFor(Optional.of("C:\\Java\\bin\\java.exe"))).isFalse();
        assertThat(rule.isFor(Optional.empty())).isFalse();
        assertThat(rule("x", "Action=Allow|").isFor(Optional.empty())).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "wslproxy-tcp,      Action=Allow|,                     true,  false",
        "wslproxy-udp-2,    Action=Allow|,                     true,  false",
        "'{7}',             Action=Allow|EmbedCtxt=wslproxy|,  true,  false",
        "wslproxy-tcp,      Action=Block|,                     false, false",
        "'{8}',             Action=Allow|,                     false, false",
        "TCP Query User{1}C:\\java.exe, Action=Block|,         false, true",
        "TCP Query User{1}C:\\java.exe, Action=Allow|,         false, false"
    })
    void rulesOfOursAndThoseOfADismissedQuestionAreKnownByTheirNames(
            String id, String fields, boolean isOurs, boolean isOfDismissedPrompt) {
        assertThat(rule(id, fields).isOurs()).isEqualTo(isOurs);
        assertThat(rule(id, fields).isOfDismissedPrompt()).isEqualTo(isOfDismissedPrompt);
    }
}
