package io.github.wslproxy.windows.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.os.ConsoleText;
import io.github.wslproxy.testing.Forwards;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateTextTest {
    private static Optional<FirewallState> read(String output) {
        return StateText.read(output, FirewallOutput::variable, Optional.empty());
    }

    @Test
    void rulesProfilesAndNetworksAreRead() {
        FirewallState state = new FirewallOutput()
                .local("one", "Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=80|Name=J\u00f6rg's & 100% | x|")
                .policy("two", "Action=Block|Active=TRUE|Dir=In|Protocol=17|Name=two|")
                .network("Wi-Fi", "Caf\u00e9 \u65e5\u672c", "Public")
                .network("Ethernet", "corp.example.org", "DomainAuthenticated")
                .address("Ethernet", "192.168.7.5")
                .address("Ethernet", "fd00::5")
                .address("Ethernet", "no address")
                .address("Bluetooth", "169.254.7.7")
                .state();

        assertThat(state.rules()).extracting(FirewallRule::id).containsExactly("one", "two");
        assertThat(state.rules()).extracting(FirewallRule::ofPolicy).containsExactly(false, true);
        assertThat(state.rules().get(0).displayName()).isEqualTo("J\u00f6rg's & 100% ");
        assertThat(state.networks())
                .containsExactly(
                        new FirewallState.Network("Wi-Fi", "Caf\u00e9 \u65e5\u672c", NetworkCategory.PUBLIC, List.of()),
                        new FirewallState.Network(
                                "Ethernet",
                                "corp.example.org",
                                NetworkCategory.DOMAIN,
                                List.of(Forwards.ip("192.168.7.5"), Forwards.ip("fd00::5"))));
        assertThat(state.profiles())
                .containsExactly(
                        new FirewallState.Profile(NetworkCategory.DOMAIN, true, true, true, true),
                        new FirewallState.Profile(NetworkCategory.PRIVATE, true, true, true, true),
                        new FirewallState.Profile(NetworkCategory.PUBLIC, true, true, true, true));
    }

    @Test
    void profilesSayWhatIsOffOpenClosedOrIgnored() {
        FirewallState state = new FirewallOutput()
                .profile(NetworkCategory.DOMAIN, "False Block True True")
                .profile(NetworkCategory.PRIVATE, "True Allow True False")
                .profile(NetworkCategory.PUBLIC, "True NotConfigured False NotConfigured")
                .state();

        assertThat(state.profiles())
                .containsExactly(
                        new FirewallState.Profile(NetworkCategory.DOMAIN, false, true, true, true),
                        new FirewallState.Profile(NetworkCategory.PRIVATE, true, false, true, false),
                        new FirewallState.Profile(NetworkCategory.PUBLIC, true, true, false, true));
    }

    @Test
    void theOutputIsTheSameInEveryCodePage() {
        String output =
                new FirewallOutput().network("WLAN", "Z\u00fcrich", "Private").output();

        assertThat(output.chars()).allMatch(character -> character < 128);
        assertThat(read(ConsoleText.decode(output.getBytes(StandardCharsets.UTF_16LE))))
                .isEqualTo(read(output));
    }

    /** Cut off, told otherwise, of a version that we do not know, or an error in between. */
    @ParameterizedTest
    @CsvSource({
        "'end', ''",
        "'end', 'END'",
        "'profile Public True Block NotConfigured NotConfigured', ''",
        "'profile Public', 'profile Private'",
        "'profile Public True', 'profile Public 1'",
        "'profile Public True Block', 'profile Public True 4'",
        "'profile Public True', 'profile Guest True'",
        "'profile Public True', 'profile Public True True'",
        "'network Wi-Fi Home Private', 'network Wi-Fi Home 1'",
        "'network Wi-Fi Home Private', 'network Wi-Fi Home'",
        "'network Wi-Fi Home Private', 'network %zz Home Private'",
        "'network', 'Get-ItemProperty : Der Zugriff ist unzulaessig.'"
    })
    void anythingElseIsNotKnown(String part, String instead) {
        String whole = new FirewallOutput().network("Wi-Fi", "Home", "Private").output();
        assertThat(read(whole)).isPresent();

        assertThat(read(whole.replace(part, instead))).isEmpty();
    }

    /** As of Wine's stub. */
    @Test
    void nothingIsNotKnown() {
        assertThat(read("")).isEmpty();
        assertThat(read("\r\n")).isEmpty();
    }
}
