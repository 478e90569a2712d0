package io.github.wslproxy.wsl;

import io.github.wslproxy.os.NetworkAdapters;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.stream.Stream;

/** The networks this computer is in at the moment. */
interface LocalNetworks {

    /**
     * Of adapters that are up. Empty if the system does not tell, which leaves the choice to the rules that need none.
     */
    List<LocalNetwork> list();

    static LocalNetworks fromSystem() {
        return () -> {
            try {
                return NetworkAdapters.all().flatMap(LocalNetworks::of).toList();
            } catch (SocketException notTold) {
                return List.of();
            }
        };
    }

    /** Windows has dozens of adapters without an address, and whether one is up is asked for each at some expense. */
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
}
