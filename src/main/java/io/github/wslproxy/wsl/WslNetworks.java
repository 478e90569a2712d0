package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.os.LocalNetwork;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Tells which networks of this computer are likely to lead to WSL. */
public final class WslNetworks {
    /** Sorts first what leads to the VM most directly; IPv4 before IPv6, because the NAT of WSL has only IPv4. */
    static final Comparator<LocalNetwork> NEAREST_FIRST = Comparator.comparingInt(WslNetworks::distance)
            .thenComparing(network -> !(network.address() instanceof Inet4Address))
            .thenComparing(LocalNetwork::prefix, Comparator.reverseOrder());

    private WslNetworks() {}

    /**
     * The network that the VM at {@code vm} is in, as the block of that address; the address alone if it is in none.
     *
     * @param networks those of this computer; if the system tells none, the block is not known
     */
    public static Optional<AddressBlock> around(InetAddress vm, List<LocalNetwork> networks) {
        if (networks.isEmpty()) {
            return Optional.empty();
        }
        int prefix = networks.stream()
                .filter(network -> network.contains(vm))
                .min(NEAREST_FIRST)
                .map(LocalNetwork::prefix)
                .orElse(vm.getAddress().length * Byte.SIZE);
        return Optional.of(new AddressBlock(vm, prefix));
    }

    /** Lower is likelier to lead to the VM. */
    static int distance(LocalNetwork network) {
        if (network.adapter().contains("WSL")) {
            return 0;
        }
        // Java on Windows gives the driver's name, so "vEthernet (WSL)" reads "Hyper-V Virtual Ethernet Adapter #2".
        return network.adapter().contains("Hyper-V") ? 1 : 2;
    }
}
