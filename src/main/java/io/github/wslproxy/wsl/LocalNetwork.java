package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.IpLiteral;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * An address of this computer with the network it lies in.
 *
 * @param adapter what the system calls the adapter, for people and for recognising the one of WSL
 * @param prefix 0 if the system gives none that makes sense, as Java on Windows does for some IPv6 addresses
 */
record LocalNetwork(String adapter, InetAddress address, int prefix) {

    /** Whether {@code other} is reached through this adapter without a router. */
    boolean contains(InetAddress other) {
        return prefix > 0 && new AddressBlock(address, prefix).contains(other);
    }

    /** Whether it stands for all of this network: all bits behind the prefix are 1, or all are 0 as in the past. */
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
