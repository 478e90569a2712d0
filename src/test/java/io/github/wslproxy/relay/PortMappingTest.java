package io.github.wslproxy.relay;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.testing.Forwards;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortMappingTest {
    private static final Host EVERYWHERE = new Host.Everywhere();

    @Test
    void eachPortOfARangeLeadsToTheSamePlaceInTheTargetsRange() {
        List<PortMapping> routes = PortMapping.of(forward(new PortRange(9000, 9002), listen("127.0.0.1", 8000, 8002)));

        assertThat(routes)
                .containsExactly(
                        route("127.0.0.1", 8000, 9000), route("127.0.0.1", 8001, 9001), route("127.0.0.1", 8002, 9002));
    }

    @Test
    void allPortsCanBeOneRange() {
        List<PortMapping> routes = PortMapping.of(forward(new PortRange(1, 65_535), listen("127.0.0.1", 1, 65_535)));

        assertThat(routes).hasSize(65_535);
        assertThat(routes.get(65_534)).isEqualTo(route("127.0.0.1", 65_535, 65_535));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bothWildcardsOfOnePortAreOneDualStackRouteInEitherOrder(boolean v4First) {
        Endpoint v4 = listen("0.0.0.0", 53, 53);
        Endpoint v6 = listen("::", 53, 53);
        Forward forward = v4First ? forward(PortRange.of(5300), v4, v6) : forward(PortRange.of(5300), v6, v4);

        assertThat(PortMapping.of(forward)).containsExactly(new PortMapping(EVERYWHERE, 53, 5300));
    }

    @Test
    void bothWildcardsAreJoinedForEachPortOfARange() {
        Forward forward = forward(new PortRange(1, 2), listen("0.0.0.0", 81, 82), listen("::", 81, 82));

        assertThat(PortMapping.of(forward))
                .containsExactly(new PortMapping(EVERYWHERE, 81, 1), new PortMapping(EVERYWHERE, 82, 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void oneWildcardAloneStaysAsItIs(String wildcard) {
        assertThat(PortMapping.of(forward(PortRange.of(1), listen(wildcard, 53, 53))))
                .containsExactly(route(wildcard, 53, 1));
    }

    @Test
    void wildcardsOfDifferentPortsAreNotJoined() {
        Forward forward = forward(PortRange.of(1), listen("0.0.0.0", 53, 53), listen("::", 54, 54));

        assertThat(PortMapping.of(forward)).containsExactly(route("0.0.0.0", 53, 1), route("::", 54, 1));
    }

    @Test
    void anAddressBesideBothWildcardsIsKept() {
        Forward forward = forward(
                PortRange.of(1), listen("0.0.0.0", 53, 53), listen("192.168.1.7", 53, 53), listen("::", 53, 53));

        assertThat(PortMapping.of(forward))
                .containsExactly(new PortMapping(EVERYWHERE, 53, 1), route("192.168.1.7", 53, 1));
    }

    @Test
    void severalAddressesKeepTheOrderOfTheConfiguration() {
        Forward forward = forward(
                PortRange.of(1), listen("10.0.0.2", 80, 80), listen("fd00::1", 81, 81), listen("10.0.0.1", 80, 80));

        assertThat(PortMapping.of(forward))
                .extracting(PortMapping::where)
                .containsExactly("10.0.0.2:80", "10.0.0.1:80", "[fd00::1]:81");
    }

    @Test
    void saysWhereItListensAsInTheConfiguration() {
        assertThat(new PortMapping(EVERYWHERE, 5173, 1).where()).isEqualTo("*:5173");
        assertThat(route("::", 5173, 1).where()).isEqualTo("[::]:5173");
        assertThat(new PortMapping(new Host.Name("localhost"), 80, 1).where()).isEqualTo("localhost:80");
    }

    private static PortMapping route(String address, int listen, int target) {
        return new PortMapping(new Host.Address(ip(address)), listen, target);
    }

    private static Endpoint listen(String address, int first, int last) {
        return new Endpoint(new Host.Address(ip(address)), new PortRange(first, last));
    }

    private static Forward forward(PortRange target, Endpoint... listens) {
        Forward some = Forwards.tcp().named("some");
        return new Forward(
                some.name(),
                some.protocols(),
                List.of(listens),
                new Endpoint(new Host.Wsl(), target),
                some.access(),
                some.timeouts(),
                some.limits(),
                some.proxyProtocol());
    }
}
