package io.github.wslproxy.forward;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.testing.Forwards;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ForwardTest {
    private static final Forward SOME = Forwards.tcp().named("some");

    @Test
    void theWordForItsProtocolsIsThatOfTheConfiguration() {
        Set<Protocol> both = new LinkedHashSet<>(List.of(Protocol.UDP, Protocol.TCP));

        assertThat(forward(both, PortRange.of(1), PortRange.of(1)).protocolWord())
                .isEqualTo("tcp+udp");
        assertThat(SOME.protocolWord()).isEqualTo("tcp");
        assertThat(Forwards.udp().named("other").protocolWord()).isEqualTo("udp");
    }

    @Test
    void rangesOfUnequalSizeAreRefused() {
        assertThatThrownBy(() -> forward(Set.of(Protocol.TCP), new PortRange(1, 3), new PortRange(1, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("*:1-3")
                .hasMessageContaining("wsl:1-2");
    }

    @Test
    void endpointsAreWrittenAsInTheConfiguration() {
        assertThat(new Endpoint(new Host.Everywhere(), PortRange.of(5173))).hasToString("*:5173");
        assertThat(new Endpoint(new Host.Wsl(), new PortRange(8000, 8010))).hasToString("wsl:8000-8010");
        assertThat(new Endpoint(new Host.Address(ip("0.0.0.0")), PortRange.of(80)))
                .hasToString("0.0.0.0:80");
        assertThat(new Endpoint(new Host.Address(ip("fd00::1")), PortRange.of(80)))
                .hasToString("[fd00::1]:80");
        assertThat(new Endpoint(new Host.Name("nas.local"), PortRange.of(80))).hasToString("nas.local:80");
    }

    private static Forward forward(Set<Protocol> protocols, PortRange listen, PortRange target) {
        return new Forward(
                "some",
                protocols,
                List.of(new Endpoint(new Host.Everywhere(), listen)),
                new Endpoint(new Host.Wsl(), target),
                SOME.access(),
                SOME.timeouts(),
                SOME.limits(),
                SOME.proxyProtocol());
    }
}
