package io.github.wslproxy.config;

import static io.github.wslproxy.config.ConfigText.parse;
import static io.github.wslproxy.testing.Forwards.ip;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wslproxy.config.Settings.AutoSettings;
import io.github.wslproxy.forward.Protocol;
import org.junit.jupiter.api.Test;

class AutoParserTest {
    @Test
    void portsThatAppearByThemselvesNeedNoForward() throws ConfigException {
        Settings settings = parse("""
                [defaults]
                allow = ["192.168.1.0/24"]
                deny = ["192.168.1.66"]
                idle_timeout = "1m"
                max_sessions = 7
                [auto]
                ports = ["3000-3999", "5173", 8080]
                """);

        AutoSettings auto = settings.auto().orElseThrow();
        assertThat(settings.forwards()).isEmpty();
        assertThat(auto.ports()).hasToString("[3000-3999, 5173, 8080]");
        assertThat(auto.protocols()).containsExactly(Protocol.TCP);
        assertThat(auto.denied()).isEmpty();
        assertThat(auto.access().permits(ip("192.168.1.5"))).isTrue();
        assertThat(auto.access().permits(ip("192.168.1.66"))).isFalse();
        assertThat(auto.timeouts().idle()).hasMinutes(1);
        assertThat(auto.limits().sessions()).isEqualTo(7);
        assertThat(auto.wants(Protocol.TCP, 3999)).isTrue();
        assertThat(auto.wants(Protocol.TCP, 4000)).isFalse();
        assertThat(auto.wants(Protocol.UDP, 3999)).isFalse();
    }

    @Test
    void portsAndClientsThatAreDeniedAreToldApartByTheirForm() throws ConfigException {
        AutoSettings auto = parse("""
                [defaults]
                deny = ["192.168.1.66"]
                [auto]
                ports = "1-65535"
                protocol = "tcp+udp"
                deny = ["3306", "9229-9240", "10.0.0.0/8", "fd00::1"]
                allow = ["any"]
                """).auto().orElseThrow();

        assertThat(auto.denied()).hasToString("[3306, 9229-9240]");
        assertThat(auto.possible()).hasToString("[1-3305, 3307-9228, 9241-65535]");
        assertThat(auto.wants(Protocol.UDP, 9240)).isFalse();
        assertThat(auto.wants(Protocol.UDP, 9241)).isTrue();
        assertThat(auto.access().permits(ip("8.8.8.8"))).isTrue();
        assertThat(auto.access().denies(ip("10.1.2.3"))).isTrue();
        assertThat(auto.access().denies(ip("fd00::1"))).isTrue();
        assertThat(auto.access().denies(ip("192.168.1.66"))).isFalse();
    }

    @Test
    void whoIsDeniedByDefaultStaysSoWhereOnlyPortsAreNamed() throws ConfigException {
        AutoSettings auto = parse("""
                [defaults]
                deny = ["192.168.1.66"]
                [auto]
                ports = ["5173"]
                deny = ["9229"]
                """).auto().orElseThrow();

        assertThat(auto.access().denies(ip("192.168.1.66"))).isTrue();
    }

    @Test
    void portsThatAppearByThemselvesNeedSomebodyWhoLooks() {
        String only = "[auto]\nports = [\"5173\"]\n";

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigFile.parse("proxy.toml", only.getBytes(UTF_8), FakeComputer.linux()))
                .withMessageContaining(
                        "outside Windows wslproxy cannot find WSL by itself (expected address or command");
    }
}
