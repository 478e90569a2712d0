package io.github.wslproxy.windows.firewall;

import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.IpLiteral;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which clients a rule is for, as {@code -RemoteAddress} takes it.
 *
 * @param entries {@code Any} alone, or {@code LocalSubnet} and addresses, blocks and ranges; empty: no client
 */
public record RemoteAddresses(List<String> entries) {
    private static final String LOCAL_SUBNET = "LocalSubnet";

    public static final RemoteAddresses ANY = new RemoteAddresses(List.of("Any"));

    /** WSL puts its network here in NAT mode, unless all of it is taken. */
    static final RemoteAddresses WSL_NETWORKS = new RemoteAddresses(List.of("172.16.0.0/12"));

    /** What {@code private} means, without loopback, which the firewall does not see. */
    private static final List<AddressBlock> PRIVATE =
            Access.PRIVATE.stream().filter(block -> !isLoopback(block)).toList();

    public RemoteAddresses {
        entries = List.copyOf(entries);
    }

    /**
     * What the firewall has to let in for {@code allow}. The whole of {@code private} becomes LocalSubnet, and every
     * address becomes Any; loopback needs nothing.
     */
    public static RemoteAddresses of(List<AddressBlock> allow) {
        if (allow.stream().anyMatch(block -> block.prefix() == 0)) {
            return ANY;
        }
        boolean isPrivate = allow.containsAll(PRIVATE);
        Stream<String> blocks = allow.stream()
                .filter(block -> !isLoopback(block) && !(isPrivate && PRIVATE.contains(block)))
                .map(RemoteAddresses::text);
        return new RemoteAddresses(Stream.concat(isPrivate ? Stream.of(LOCAL_SUBNET) : Stream.empty(), blocks)
                .distinct()
                .toList());
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    boolean isAny() {
        return equals(ANY);
    }

    boolean hasLocalSubnet() {
        return entries.contains(LOCAL_SUBNET);
    }

    /** Those of them that are in WSL, whose network is {@code network}. */
    RemoteAddresses inWsl(Optional<AddressBlock> network) {
        RemoteAddresses wsl = network.map(RemoteAddresses::text)
                .map(block -> new RemoteAddresses(List.of(block)))
                .orElse(WSL_NETWORKS);
        return hasLocalSubnet() || covers(wsl) ? wsl : this;
    }

    /** For the Hyper-V firewall, which knows addresses and no words. */
    RemoteAddresses withoutWords() {
        List<String> addresses = new ArrayList<>();
        for (String entry : entries) {
            if (entry.equals(LOCAL_SUBNET)) {
                PRIVATE.forEach(block -> addresses.add(text(block)));
            } else {
                addresses.add(entry);
            }
        }
        return new RemoteAddresses(addresses.stream().distinct().toList());
    }

    /**
     * Whether all {@code wanted} are among these. IPv4 decides for the local subnet, since the URLs for the LAN are
     * made of it.
     */
    public boolean covers(RemoteAddresses wanted) {
        return isAny() || wanted.entries.stream().allMatch(this::covers);
    }

    private boolean covers(String wanted) {
        if (wanted.equals(LOCAL_SUBNET)) {
            return hasLocalSubnet()
                    || PRIVATE.stream()
                            .filter(block -> block.network() instanceof Inet4Address)
                            .allMatch(block -> covers(AddressRange.of(block)));
        }
        return AddressRange.read(wanted).filter(this::covers).isPresent();
    }

    private boolean covers(AddressRange wanted) {
        return entries.stream()
                .flatMap(entry -> AddressRange.read(entry).stream())
                .anyMatch(range -> range.contains(wanted));
    }

    /** Whether both are the same addresses, however they are written. */
    boolean isLike(RemoteAddresses other) {
        return covers(other) && other.covers(this);
    }

    private static boolean isLoopback(AddressBlock block) {
        return Access.LOOPBACK.stream().anyMatch(loopback -> loopback.contains(block));
    }

    /** The firewall refuses a block of one address, and one with bits below its prefix. */
    private static String text(AddressBlock block) {
        boolean single = block.prefix() == block.network().getAddress().length * Byte.SIZE;
        return single ? IpLiteral.text(block.network()) : block.masked().toString();
    }
}
