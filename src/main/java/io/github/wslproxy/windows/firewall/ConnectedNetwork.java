package io.github.wslproxy.windows.firewall;

import java.net.InetAddress;
import java.util.List;

/**
 * A network that this computer is connected to.
 *
 * @param adapter the alias of the interface: {@code Wi-Fi}
 * @param name what Windows calls the network, for a person
 * @param addresses those of this computer on it; empty if Windows did not tell
 */
public record ConnectedNetwork(String adapter, String name, NetworkCategory category, List<InetAddress> addresses) {

    public ConnectedNetwork {
        addresses = List.copyOf(addresses);
    }

    /** Whether other computers can be on it: not on the switches with which WSL and Hyper-V reach their guests. */
    public boolean isLan() {
        return !adapter.startsWith("vEthernet (WSL") && !adapter.equals("vEthernet (Default Switch)");
    }
}
