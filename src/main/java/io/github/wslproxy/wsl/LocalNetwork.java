package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.NetworkAdapters;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * An address of this computer with the network it lies in.
 *
 * @param adapter what the system calls the adapter, for people and for recognising the one of WSL
 * @param prefix 0 if the system gives none that makes sense, as Java on Windows does for some IPv6 addresses
 */
record LocalNetwork(String adapter, InetAddress address, int prefix) {

    /** Sorts first what leads to the VM most directly; IPv4 before IPv6, because the NAT of WSL has only IPv4. */
    static final Comparator<LocalNetwork> NEAREST_WSL_FIRST = Comparator.comparingInt(LocalNetwork::distanceFromWsl)
            .thenComparing(network -> !(network.address() instanceof Inet4Address))
            .thenComparing(LocalNetwork::prefix, Comparator.reverseOrder());

    /**
     * Lists the networks of the adapters that are up. Empty if the system does not tell, which leaves the choice of an
     * address to the rules that need none.
     */
    static List<LocalNetwork> ofThisComputer() {
        try {
            return NetworkAdapters.all().flatMap(LocalNetwork::of).toList();
        } catch (SocketException notTold) {
            return List.of();
        }
    }

    /** Windows has dozens of adapters without an address, and it costs something to ask whether an adapter is up. */
    private static Stream<LocalNetwork> of(NetworkInterface adapter) {
        List<InterfaceAddress> addresses = adapter.getInterfaceAddresses();
        if (addresses.isEmpty()) {
            return Stream.empty();
        }
        String name = adapter.getDisplayName() == null ? adapter.getName() : adapter.getDisplayName();
        try {
            if (!NetworkAdapters.isUp(adapter)) {
                return Stream.empty();
            }
        } catch (SocketException goneMeanwhile) {
            return Stream.empty();
        }
        return addresses.stream().map(address -> of(name, address));
    }

    private static LocalNetwork of(String adapter, InterfaceAddress address) {
        int bits = address.getAddress().getAddress().length * Byte.SIZE;
        int prefix = address.getNetworkPrefixLength();
        return new LocalNetwork(adapter, address.getAddress(), prefix < 0 || prefix > bits ? 0 : prefix);
    }

    /** Whether {@code other} is reached through this adapter without a router. */
    boolean contains(InetAddress other) {
        return prefix > 0 && new AddressBlock(address, prefix).contains(other);
    }

    /**
     * Whether {@code other} stands for all of this network: all bits behind the prefix are 1, or all are 0 as in the
     * past.
     */
    boolean isBroadcast(InetAddress other) {
        byte[] bytes = other.getAddress();
        if (bytes.length != 4 || prefix == 0 || prefix > 30 || !contains(other)) {
            return false;
        }
        int hostBits = -1 >>> prefix;
        int host = ByteBuffer.wrap(bytes).getInt() & hostBits;
        return host == 0 || host == hostBits;
    }

    /** Lower is likelier to lead to the VM. */
    int distanceFromWsl() {
        if (adapter.contains("WSL")) {
            return 0;
        }
        // Java on Windows gives the driver's name, so "vEthernet (WSL)" reads "Hyper-V Virtual Ethernet Adapter #2".
        return adapter.contains("Hyper-V") ? 1 : 2;
    }

    @Override
    public String toString() {
        return adapter + " (" + IpLiteral.text(address) + "/" + prefix + ")";
    }
}
