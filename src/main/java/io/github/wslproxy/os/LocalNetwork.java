package io.github.wslproxy.os;

import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.IpLiteral;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;

/**
 * An address of this computer with the network it lies in.
 *
 * <p>Java before 21 on Windows gives the IPv4 addresses of VPNs and mobile adapters the prefix -1
 * (NetworkInterface.c), and IPv6 addresses the prefix of another address, often one that may well be right
 * (NetworkInterface_winXP.c). So an IPv6 network is a hint only; the switch of WSL has an IPv4 one.
 *
 * @param adapter what the system calls the adapter, for people and for recognising the one of WSL
 * @param device the short name of the adapter: {@code eth0}, {@code ppp_4}
 * @param prefix 0 if the system gives none that makes sense
 */
public record LocalNetwork(String adapter, String device, InetAddress address, int prefix) {

    public LocalNetwork {
        prefix = prefix < 0 || prefix > bits(address) ? 0 : prefix;
    }

    /** A network of an adapter with one name. */
    public LocalNetwork(String adapter, InetAddress address, int prefix) {
        this(adapter, adapter, address, prefix);
    }

    /** Reads an address of an adapter. */
    public static LocalNetwork of(NetworkInterface adapter, InterfaceAddress address) {
        String device = adapter.getName();
        String name = adapter.getDisplayName() == null ? device : adapter.getDisplayName();
        return new LocalNetwork(name, device, address.getAddress(), address.getNetworkPrefixLength());
    }

    /**
     * Lists the networks of the adapters that are up. Asks the system, at some expense on Windows. Empty if the system
     * does not tell.
     */
    public static List<LocalNetwork> ofThisComputer() {
        try {
            return NetworkAdapters.all().flatMap(LocalNetwork::ofUp).toList();
        } catch (SocketException notTold) {
            return List.of();
        }
    }

    /** Windows has dozens of adapters without an address, and it costs something to ask whether an adapter is up. */
    private static Stream<LocalNetwork> ofUp(NetworkInterface adapter) {
        List<InterfaceAddress> addresses = adapter.getInterfaceAddresses();
        if (addresses.isEmpty()) {
            return Stream.empty();
        }
        try {
            if (!NetworkAdapters.isUp(adapter)) {
                return Stream.empty();
            }
        } catch (SocketException goneMeanwhile) {
            return Stream.empty();
        }
        return addresses.stream().map(address -> of(adapter, address));
    }

    private static int bits(InetAddress address) {
        return address.getAddress().length * Byte.SIZE;
    }

    /** Where the adapter leads, as far as its names tell. */
    public AdapterKind kind() {
        return AdapterKind.of(adapter, device);
    }

    /** The network as a block; the address alone if its prefix is not known. */
    public AddressBlock block() {
        return new AddressBlock(address, prefix > 0 ? prefix : bits(address));
    }

    /** Whether {@code other} is reached through this adapter without a router; false if the prefix is not known. */
    public boolean contains(InetAddress other) {
        return prefix > 0 && new AddressBlock(address, prefix).contains(other);
    }

    /**
     * Whether {@code other} stands for all of this network: all bits behind the prefix are 1, or all are 0 as in the
     * past.
     */
    public boolean isBroadcast(InetAddress other) {
        byte[] bytes = other.getAddress();
        if (bytes.length != 4 || prefix == 0 || prefix > 30 || !contains(other)) {
            return false;
        }
        int hostBits = -1 >>> prefix;
        int host = ByteBuffer.wrap(bytes).getInt() & hostBits;
        return host == 0 || host == hostBits;
    }

    @Override
    public String toString() {
        return adapter + " (" + IpLiteral.text(address) + "/" + prefix + ")";
    }
}
