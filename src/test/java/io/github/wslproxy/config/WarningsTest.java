package io.github.wslproxy.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.os.DynamicPorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class WarningsTest {
    private static final DynamicPorts DYNAMIC = new DynamicPorts(40_000, 40_199, false);

    @Test
    void anOrdinaryFileIsWorthNoWord() throws ConfigException {
        assertThat(cautions("[[forward]]\nport = 5173\n[[forward]]\nport = 40100\n"))
                .isEmpty();
    }

    @Test
    void whoLetsInAnybodyIsTold() throws ConfigException {
        String text = """
                [defaults]
                allow = ["any"]
                [[forward]]
                name = "web"
                port = 1
                [[forward]]
                port = 2
                allow = ["private"]
                [auto]
                ports = ["3000"]
                """;

        assertThat(cautions(text))
                .containsExactly(
                        "\"any\" in allow lets in everybody who can reach the port, also from the internet: web,"
                                + " auto-3000; to let in fewer, name them, or write \"private\"");
    }

    @Test
    void aKeyThatDoesNothingIsTold() throws ConfigException {
        String text = "[wsl]\nlocalhost = %s\n[auto]\nports = ['3000']\nlocalhost = true\n";

        assertThat(cautions(text.formatted("true"))).isEmpty();
        assertThat(cautions(text.formatted("false")))
                .containsExactly("[auto] localhost = true does nothing, as [wsl] localhost is false");
    }

    @Test
    void everybodyByIpv4IsToldAsWell() throws ConfigException {
        String text = """
                [[forward]]
                name = "web"
                port = 1
                allow = ["0.0.0.0/0"]
                """;

        assertThat(cautions(text))
                .containsExactly(
                        "\"0.0.0.0/0\" in allow lets in everybody who can reach the port by IPv4, also from the"
                                + " internet: web; to let in fewer, name them, or write \"private\"");
    }

    @Test
    void rangesThatTakeTheDynamicPortsAreToldWithTheirNumbers() throws ConfigException {
        String text = """
                [[forward]]
                name = "turn"
                protocol = "udp"
                listen = "127.0.0.1:3478"
                [[forward]]
                name = "relay"
                protocol = "tcp+udp"
                listen = "127.0.0.1:39990-40040"
                [[forward]]
                name = "more"
                protocol = "udp"
                listen = "127.0.0.1:40190-40210"
                """;

        assertThat(cautions(text))
                .containsExactly(
                        "relay, more: takes 51 of the 200 dynamic ports of this computer for udp (40000-40199),"
                                + " one of which each session needs; listen on other ports, or on fewer of these");
    }

    @Test
    void anAddressWhoseAdapterIsAwayIsTold() throws ConfigException {
        String text = "[[forward]]\nname = \"dock\"\nlisten = \"[fe80::1%nosuchif]:80\"\n";

        assertThat(cautions(text))
                .containsExactly("dock: no adapter of [fe80::1%nosuchif] is there; it listens when there is one");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theDynamicPortsAreThoseOfThisComputer() throws Exception {
        String range = Files.readAllLines(Path.of("/proc/sys/net/ipv4/ip_local_port_range"))
                .get(0)
                .replaceFirst("\\s+", "-");
        DynamicPorts own = DynamicPorts.ofThisComputer();

        assertThat(own.range()).isEqualTo(range);
        assertThat(own.isDefault()).isFalse();
    }

    private static List<String> cautions(String text) throws ConfigException {
        return Warnings.of(ConfigFile.parse("t", text.getBytes(UTF_8), FakeComputer.windows()), DYNAMIC);
    }
}
