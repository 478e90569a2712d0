package io.github.wslproxy.forward;

import java.net.InetAddress;
import java.util.List;

/**
 * Which clients may come in.
 *
 * @param allow a client has to be in one of these
 * @param deny and in none of these: deny beats allow
 */
public record Access(List<AddressBlock> allow, List<AddressBlock> deny) {

    public Access {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }

    public boolean permits(InetAddress client) {
        return allows(client) && !denies(client);
    }

    public boolean allows(InetAddress client) {
        return anyContains(allow, client);
    }

    public boolean denies(InetAddress client) {
        return anyContains(deny, client);
    }

    private static boolean anyContains(List<AddressBlock> blocks, InetAddress client) {
        for (AddressBlock block : blocks) {
            if (block.contains(client)) {
                return true;
            }
        }
        return false;
    }
}
