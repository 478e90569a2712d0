package io.github.wslproxy.wsl;

import static io.github.wslproxy.wsl.Samples.LAN;
import static io.github.wslproxy.wsl.Samples.LOOPBACK;
import static io.github.wslproxy.wsl.Samples.NAT;
import static io.github.wslproxy.wsl.Samples.network;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.LocalNetwork;
import io.github.wslproxy.target.TargetState;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AddressChoiceTest {
    private static final LocalNetwork HYPER_V = network("Hyper-V Virtual Ethernet Adapter #2", "172.30.96.1", 20);

    static Stream<Arguments> choices() {
        return Stream.of(
                arguments("alone", "172.30.98.229", NAT, "172.30.98.229"),
                arguments("before Docker's bridges", "172.30.98.229 172.17.0.1 172.18.0.1", NAT, "172.30.98.229"),
                arguments("behind Docker's bridges", "172.17.0.1 172.18.0.1 172.30.98.229", NAT, "172.30.98.229"),
                arguments("beside k3s", "10.42.0.0 10.42.0.1 172.30.98.229", NAT, "172.30.98.229"),
                arguments("beside Tailscale", "100.101.102.103 172.30.98.229", NAT, "172.30.98.229"),
                arguments("beside IPv6 that leads nowhere", "fd7a:115c::1 172.30.98.229", NAT, "172.30.98.229"),
                arguments("beside loopback and link-local", "127.0.0.1 fe80::1 172.30.98.229", NAT, "172.30.98.229"),
                arguments("beside the DNS tunnel", "10.255.255.254 172.30.98.229", NAT, "172.30.98.229"),
                arguments(
                        "a LAN that would hold the DNS tunnel",
                        "10.255.255.254 172.30.98.229",
                        List.of(network("Wi-Fi", "10.1.2.3", 8), HYPER_V),
                        "172.30.98.229"),
                arguments("bridged into the LAN", "172.17.0.1 192.168.1.77", NAT, "192.168.1.77"),
                arguments(
                        "bridged, IPv6 only",
                        "2001:db8::77",
                        List.of(network("Wi-Fi", "2001:db8::20", 64)),
                        "2001:db8::77"),
                arguments(
                        "bridged, both families",
                        "2001:db8::77 192.168.1.77",
                        List.of(network("Wi-Fi", "2001:db8::20", 64), LAN),
                        "192.168.1.77"),
                arguments(
                        "a VPN that claims k3s' network",
                        "10.42.0.1 172.30.98.229",
                        List.of(network("VPN", "10.8.0.2", 8), HYPER_V),
                        "172.30.98.229"),
                arguments(
                        "the default switch where Docker is",
                        "172.17.0.1 172.30.98.229",
                        List.of(network("Hyper-V Virtual Ethernet Adapter", "172.17.0.9", 20), Samples.WSL_ADAPTER),
                        "172.30.98.229"),
                arguments(
                        "a network namespace on Linux",
                        "172.18.0.1 10.200.1.2",
                        List.of(network("veth0", "10.200.1.1", 24), network("eth0", "10.0.2.15", 24)),
                        "10.200.1.2"),
                arguments(
                        "Docker on both sides",
                        "172.17.0.1 10.200.1.2",
                        List.of(network("docker0", "172.17.0.1", 16), network("veth0", "10.200.1.1", 24)),
                        "10.200.1.2"),
                arguments(
                        "the smaller network",
                        "10.1.2.3 10.9.9.9",
                        List.of(network("a", "10.0.0.1", 8), network("b", "10.9.9.1", 24)),
                        "10.9.9.9"),
                arguments("adapters unknown, one left", "172.17.0.1 172.30.98.229", List.of(), "172.30.98.229"),
                arguments(
                        "adapters unknown, one IPv4 left",
                        "fd7a::1 100.101.102.103 172.30.98.229",
                        List.of(LOOPBACK),
                        "172.30.98.229"),
                arguments("adapters unknown, IPv6 only", "fd00::5", List.of(), "fd00::5"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("choices")
    void theAddressOfTheVmIsTaken(String what, String seen, List<LocalNetwork> networks, String chosen) {
        assertThat(choose(seen, networks))
                .as(what)
                .satisfies(
                        found -> assertThat(
                                        IpLiteral.text(found.state().address().orElseThrow()))
                                .isEqualTo(chosen),
                        found -> assertThat(found.hasAddress()).isTrue(),
                        found -> assertThat(found.state().reason()).isNotBlank());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unclear")
    void nothingIsGuessed(String what, String seen, List<LocalNetwork> networks, String why) {
        assertThat(choose(seen, networks))
                .as(what)
                .extracting(report -> report.failure().orElseThrow())
                .satisfies(
                        failure -> assertThat(failure.kind()).isEqualTo(ProbeFailure.Kind.NO_ADDRESS),
                        failure -> assertThat(failure.detail()).contains(why));
    }

    static Stream<Arguments> unclear() {
        return Stream.of(
                arguments("two that lie nowhere", "172.30.1.2 172.31.1.2", NAT, "172.31.1.2 lies in no network"),
                arguments("loopback only", "127.0.0.1 ::1", NAT, "127.0.0.1 is a loopback address"),
                arguments("link-local only", "169.254.3.4 fe80::1", NAT, "169.254.3.4 is link-local"),
                arguments("wildcard, multicast", "0.0.0.0 224.0.0.1 255.255.255.255", NAT, "0.0.0.0 is no address"),
                arguments("a broadcast address", "172.30.111.255 172.17.0.1", NAT, "172.30.111.255 is the broadcast"),
                arguments("the Internet", "8.8.8.8", NAT, "8.8.8.8 is a public address in no network"),
                arguments("the Internet, IPv6", "2001:db8::5 127.0.0.1", NAT, "2001:db8::5 is a public address"),
                arguments("Docker's bridge alone", "172.17.0.1", NAT, "172.17.0.1 looks like a bridge of Docker"),
                arguments(
                        "two bridges of Docker",
                        "172.17.0.1 172.18.0.1",
                        List.of(),
                        "172.18.0.1 looks like a bridge of Docker"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sharing")
    void addressesOfThisComputerMeanItIsOnTheLanAlready(String what, String seen) {
        assertThat(choose(seen, NAT).state())
                .as(what)
                .asInstanceOf(InstanceOfAssertFactories.type(TargetState.OnLan.class))
                .extracting(onLan -> IpLiteral.text(onLan.reach()))
                .isEqualTo("127.0.0.1");
    }

    static Stream<Arguments> sharing() {
        return Stream.of(
                arguments("mirrored", "192.168.1.20 172.30.96.1"),
                arguments("virtioproxy", "192.168.1.20"),
                arguments("with Docker in the guest", "192.168.1.20 172.17.0.1 172.18.0.1"));
    }

    @Test
    void anAdapterWithoutAPrefixLeadsNowhere() {
        List<LocalNetwork> wine = List.of(network("eth0", "fd00::1", 0), Samples.WSL_ADAPTER);

        assertThat(choose("fd00::5 172.30.98.229", wine).summary()).contains("172.30.98.229");
    }

    @Test
    void eachAddressThatIsNotTakenHasItsReason() {
        assertThat(choose("172.17.0.1 127.0.0.1 192.168.1.77 172.30.98.229", NAT)
                        .steps())
                .extracting(ProbeReport.Step::conclusion)
                .containsExactly(
                        "127.0.0.1 is a loopback address",
                        "172.17.0.1 lies in no network of this computer",
                        "192.168.1.77 lies in the network of " + LAN + ", less likely that of WSL");
    }

    private static ProbeReport choose(String seen, List<LocalNetwork> networks) {
        return AddressChoice.of(Samples.addresses(seen), networks, Optional.empty());
    }
}
