package io.github.wslproxy.windows.firewall;

import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.IpLiteral;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which clients a rule is about: what {@code -RemoteAddress} takes, and what the {@code allow} of a forward becomes.
 */
final class RemoteScope {
    static final String LOCAL_SUBNET = "LocalSubnet";
    static final String ANY = "Any";

    /** Where WSL puts its network in NAT mode, unless all of it is taken. */
    static final String WSL_NETWORKS = "172.16.0.0/12";

    /** RFC 1918, RFC 3927, RFC 4193, RFC 4291 section 2.5.6: what {@code private} means, without loopback. */
    static final List<AddressBlock> PRIVATE = Stream.of(
                    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10")
            .map(RemoteScope::block)
            .toList();

    private static final List<AddressBlock> LOOPBACK =
            Stream.of("127.0.0.0/8", "::1/128").map(RemoteScope::block).toList();

    /** Words for addresses that are not on the LAN, or are single ones of it. */
    private static final Set<String> NOT_THE_LAN = Set.of(
            "IntErnet",
            "Internet",
            "RmtIntrAnet",
            "DNS",
            "DHCP",
            "WINS",
            "DefaultGateway",
            "CaptivePortal",
            "Ply2Renders");

    private RemoteScope() {}

    /**
     * What the firewall has to let in for {@code allow}. The whole of {@code private} becomes LocalSubnet, and every
     * address becomes Any; loopback needs nothing, as the firewall does not see it.
     *
     * @return Any alone, or LocalSubnet and blocks; empty if nothing has to be let in
     */
    static List<String> of(List<AddressBlock> allow) {
        if (allow.stream().anyMatch(block -> block.prefix() == 0)) {
            return List.of(ANY);
        }
        List<String> scope = new ArrayList<>();
        boolean isPrivate = allow.containsAll(PRIVATE);
        if (isPrivate) {
            scope.add(LOCAL_SUBNET);
        }
        allow.stream()
                .filter(block -> !isWithin(block, LOOPBACK))
                .filter(block -> !(isPrivate && PRIVATE.contains(block)))
                .map(RemoteScope::text)
                .distinct()
                .forEach(scope::add);
        return scope;
    }

    /** Whether a rule about {@code addresses} lets in nobody but {@code wanted}. */
    static boolean isWithin(List<String> addresses, List<String> wanted) {
        return wanted.contains(ANY)
                || (!addresses.isEmpty() && addresses.stream().allMatch(one -> holds(wanted, one)));
    }

    private static boolean holds(List<String> wanted, String entry) {
        return wanted.contains(entry)
                || AddressSpan.read(entry)
                        .filter(span -> coversSpan(wanted, span))
                        .isPresent();
    }

    /** Those of {@code scope} that are in WSL, whose network is {@code network}. */
    static List<String> inWsl(List<String> scope, Optional<AddressBlock> network) {
        String block = network.map(RemoteScope::text).orElse(WSL_NETWORKS);
        boolean all = scope.contains(LOCAL_SUBNET) || covers(scope, List.of(block));
        return all ? List.of(block) : scope;
    }

    /** The same for the Hyper-V firewall, which knows addresses and no words. */
    static List<String> withoutWords(List<String> scope) {
        return scope.stream()
                .flatMap(entry ->
                        entry.equals(LOCAL_SUBNET) ? PRIVATE.stream().map(RemoteScope::text) : Stream.of(entry))
                .distinct()
                .toList();
    }

    /**
     * Whether a rule about {@code addresses} concerns some of {@code clients}.
     *
     * @param addresses of the rule; empty: every address
     * @param clients as {@link #of} has it
     */
    static boolean concerns(List<String> addresses, List<String> clients) {
        return addresses.isEmpty()
                || clients.contains(ANY)
                || addresses.stream().anyMatch(entry -> clients.stream().anyMatch(client -> overlap(entry, client)));
    }

    /** What cannot be read may be anything. */
    private static boolean overlap(String entry, String client) {
        if (AddressSpan.read(entry).isEmpty() && NOT_THE_LAN.contains(entry)) {
            return !client.equals(LOCAL_SUBNET);
        }
        List<AddressSpan> wanted = spans(client);
        return spans(entry).isEmpty()
                || spans(entry).stream().anyMatch(span -> wanted.stream().anyMatch(span::overlaps));
    }

    /** Those of the local subnet are taken to be private ones; empty for any other word. */
    private static List<AddressSpan> spans(String entry) {
        return entry.equals(LOCAL_SUBNET)
                ? PRIVATE.stream().map(AddressSpan::of).toList()
                : AddressSpan.read(entry).stream().toList();
    }

    /**
     * Whether a rule about {@code addresses} is about all of {@code wanted}. Of the local subnet it is IPv4 that
     * decides: it is what the URLs for the LAN are made of.
     *
     * @param wanted as {@link #of} has it
     */
    static boolean covers(List<String> addresses, List<String> wanted) {
        return addresses.isEmpty()
                || addresses.contains(ANY)
                || wanted.stream().allMatch(one -> covers(addresses, one));
    }

    private static boolean covers(List<String> addresses, String wanted) {
        if (wanted.equals(LOCAL_SUBNET)) {
            return addresses.contains(LOCAL_SUBNET)
                    || PRIVATE.stream()
                            .filter(block -> block.network() instanceof Inet4Address)
                            .allMatch(block -> coversSpan(addresses, AddressSpan.of(block)));
        }
        return AddressSpan.read(wanted)
                .filter(span -> coversSpan(addresses, span))
                .isPresent();
    }

    private static boolean coversSpan(List<String> addresses, AddressSpan wanted) {
        return addresses.stream()
                .flatMap(entry -> AddressSpan.read(entry).stream())
                .anyMatch(span -> span.contains(wanted));
    }

    private static boolean isWithin(AddressBlock block, List<AddressBlock> others) {
        AddressSpan span = AddressSpan.of(block);
        return others.stream().map(AddressSpan::of).anyMatch(other -> other.contains(span));
    }

    /** A block of one address is refused by the firewall as a block. */
    private static String text(AddressBlock block) {
        boolean single = block.prefix() == block.network().getAddress().length * Byte.SIZE;
        return single ? IpLiteral.text(block.network()) : IpLiteral.text(first(block)) + "/" + block.prefix();
    }

    /** Whoever writes 192.168.7.5/24 means its network; the firewall refuses it. */
    private static InetAddress first(AddressBlock block) {
        byte[] bytes = block.network().getAddress();
        for (int bit = block.prefix(); bit < bytes.length * Byte.SIZE; bit++) {
            bytes[bit / Byte.SIZE] &= (byte) ~(0x80 >> bit % Byte.SIZE);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("it has the length of an address", e);
        }
    }

    private static AddressBlock block(String text) {
        int slash = text.indexOf('/');
        return new AddressBlock(
                Objects.requireNonNull(IpLiteral.parse(text.substring(0, slash))),
                Integer.parseInt(text.substring(slash + 1)));
    }
}
