package io.github.wslproxy.windows.firewall;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.windows.firewall.FirewallState.Network;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FirewallStateTest {
    private static final Network VPN = network("Wintun Userspace Tunnel", NetworkCategory.PUBLIC, "10.8.0.2");
    private static final Network WSL = network("vEthernet (WSL)", NetworkCategory.PUBLIC, "172.20.0.1");
    private static final Network HOST_ONLY =
            network("VMware Network Adapter VMnet1", NetworkCategory.PUBLIC, "192.168.56.1");

    @Test
    void aSwitchThatSharesAnAdapterIsALanAlsoWhileAVpnHasTheDefaultRoute() {
        Network known = network("vEthernet (LAN)", NetworkCategory.DOMAIN, "192.168.1.20");
        Network unknown = network("vEthernet (LAN)", NetworkCategory.PUBLIC, "192.168.1.20");

        assertThat(state("10.8.0.2", known, HOST_ONLY, VPN, WSL).lans()).containsExactly(known, VPN);
        assertThat(state("10.8.0.2", unknown, VPN, WSL).lans()).containsExactly(unknown, VPN);
    }

    @Test
    void aSwitchOfVirtualMachinesIsNoneWhereThereIsALan() {
        Network lan = network("Wi-Fi", NetworkCategory.PRIVATE, "192.168.1.20");

        assertThat(state("192.168.1.20", lan, HOST_ONLY, WSL).lans()).containsExactly(lan);
        assertThat(state("10.8.0.2", lan, HOST_ONLY, VPN, WSL).lans()).containsExactly(lan, VPN);
    }

    private static FirewallState state(String route, Network... networks) {
        return new FirewallState(List.of(), List.of(), List.of(networks), Optional.of(ip(route)));
    }

    private static Network network(String adapter, NetworkCategory category, String address) {
        return new Network(adapter, "Unidentified network", category, List.of(ip(address)));
    }
}
