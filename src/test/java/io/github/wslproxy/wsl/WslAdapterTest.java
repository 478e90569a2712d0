package io.github.wslproxy.wsl;

import static io.github.wslproxy.wsl.Samples.LAN;
import static io.github.wslproxy.wsl.Samples.LOOPBACK;
import static io.github.wslproxy.wsl.Samples.WSL_ADAPTER;
import static io.github.wslproxy.wsl.Samples.address;
import static io.github.wslproxy.wsl.Samples.network;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.LocalNetwork;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.HostAdapter;
import io.github.wslproxy.target.TargetState;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class WslAdapterTest {
    /** Java on Windows calls it so, and every other Hyper-V switch too. */
    private static final LocalNetwork DRIVER = network("Hyper-V Virtual Ethernet Adapter #2", "172.30.96.1", 20);

    private static final LocalNetwork DEFAULT_SWITCH = network("Hyper-V Virtual Ethernet Adapter", "172.17.0.1", 20);

    private final CurrentTarget vm =
            new CurrentTarget(Clock.systemUTC(), new TargetState.Unknown("the first look is not over yet"));
    private List<LocalNetwork> adapters = List.of(LOOPBACK, LAN);
    private final WslAdapter adapter = new WslAdapter(vm, () -> adapters);
    private final AtomicInteger changes = new AtomicInteger();
    private final Runnable unsubscribe = adapter.onChange(changes::incrementAndGet);

    static Stream<Arguments> computers() {
        return Stream.of(
                arguments("by the network it lies in", "172.30.98.229", List.of(LAN, DEFAULT_SWITCH, DRIVER)),
                arguments("by its name, as on Linux", "172.30.98.229", List.of(LAN, DEFAULT_SWITCH, WSL_ADAPTER)),
                arguments(
                        "not by the name of one that is left over",
                        "172.30.98.229",
                        List.of(network("vEthernet (WSL)", "172.20.0.1", 20), DRIVER)),
                arguments(
                        "not the larger network of a VPN",
                        "172.30.98.229",
                        List.of(network("VPN", "172.16.0.9", 12), network("veth", "172.30.96.1", 20))),
                arguments("while the VM is stopped, by its name", "", List.of(LAN, DEFAULT_SWITCH, WSL_ADAPTER)),
                arguments(
                        "the IPv4 address of it",
                        "",
                        List.of(
                                network("vEthernet (WSL)", "fe80::1", 64),
                                network("vEthernet (WSL)", "fd00::1", 64),
                                network("vEthernet (WSL)", "172.30.96.1", 20))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("computers")
    void theAdapterIsFound(String how, String vmAddress, List<LocalNetwork> networks) {
        adapters = networks;
        if (!vmAddress.isEmpty()) {
            vmIsAt(vmAddress);
        }
        adapter.refresh();

        assertThat(where()).as(how).isEqualTo("172.30.96.1");
    }

    @Test
    void anIpv6OnlyVmIsFoundByItsNetwork() {
        adapters = List.of(LAN, network("veth", "fe80::1", 64), network("veth", "fd00:30::1", 64));
        vmIsAt("fd00:30::229");
        adapter.refresh();

        assertThat(where()).isEqualTo("fd00:30::1");
    }

    @Test
    void aHyperVSwitchMayBeThatOfAnotherVmAndIsNotGuessed() {
        adapters = List.of(LAN, DRIVER);
        adapter.refresh();

        assertThat(adapter.current().address()).isEmpty();
        assertThat(adapter.current().reason()).isEqualTo("the adapter of WSL is not known until WSL runs");
    }

    @Test
    void theOneThatWasFoundIsKeptWhileTheVmIsStoppedAndAsLongAsItIsThere() {
        adapters = List.of(LAN, DRIVER);
        vmIsAt("172.30.98.229");
        adapter.refresh();
        vm.publish(new TargetState.Down("no distribution is running"));
        adapter.refresh();
        assertThat(where()).isEqualTo("172.30.96.1");
        assertThat(changes).hasValue(1);

        adapters = List.of(LAN);
        adapter.refresh();
        assertThat(adapter.current().address()).isEmpty();
        adapters = List.of(LAN, network(DRIVER.adapter(), "172.20.16.1", 20));
        vmIsAt("172.20.20.20");
        adapter.refresh();
        assertThat(where()).isEqualTo("172.20.16.1");
        assertThat(changes).hasValue(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mirrored | not needed: in mirrored mode 127.0.0.1 in Linux is this computer already
            wsl1     | not needed: in wsl1 mode 127.0.0.1 in Linux is this computer already
            consomme | in consomme mode WSL has no adapter of its own
            """)
    void whereWslSharesTheAddressesOfWindowsThereIsNone(String mode, String why) {
        adapters = List.of(LAN, WSL_ADAPTER);
        vm.publish(new TargetState.OnLan(mode, address("127.0.0.1"), "the networking mode says so"));
        adapter.refresh();

        assertThat(adapter.current()).isEqualTo(new HostAdapter.AdapterState(java.util.Optional.empty(), why));
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "127.0.0.2", "10.9.9.9", "192.168.1.20"})
    void aVmInNoNetworkOfThisComputerHasNoAdapter(String address) {
        vmIsAt(address);
        adapter.refresh();

        assertThat(adapter.current().reason())
                .isEqualTo("no adapter of this computer is in the network of WSL, which is at " + address);
    }

    @Test
    void onlyTheVmIsWslThoughABridgedOneHasTheWholeLanInItsNetwork() {
        AtomicInteger suspicions = new AtomicInteger();
        vm.onConnectFailed(suspicions::incrementAndGet);
        vmIsAt("192.168.1.77");
        adapter.refresh();
        assertThat(where()).isEqualTo("192.168.1.20");

        assertThat(adapter.isWsl(address("192.168.1.77"))).isTrue();
        assertThat(suspicions).hasValue(0);
        assertThat(adapter.isWsl(address("192.168.1.50"))).isFalse();
        assertThat(suspicions).as("it could be the VM at a new address").hasValue(1);
        assertThat(adapter.isWsl(address("10.1.1.1"))).isFalse();
        assertThat(suspicions).hasValue(1);
    }

    @Test
    void aListenerThatWasTakenOutHearsNothingMore() {
        unsubscribe.run();
        vmIsAt("192.168.1.77");
        adapter.refresh();

        assertThat(changes).hasValue(0);
    }

    private void vmIsAt(String literal) {
        vm.publish(new TargetState.Up(address(literal), "the test says so"));
    }

    private String where() {
        return adapter.current()
                .address()
                .map(IpLiteral::text)
                .orElse("nowhere: " + adapter.current().reason());
    }
}
