package io.github.wslproxy.windows.firewall;

import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.IpLiteral;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Which clients a rule is about: what {@code -RemoteAddress} takes, and what the {@code allow} of a forward becomes. */
final class RemoteScope {
    static final String LOCAL_SUBNET = "LocalSubnet";
    static final String ANY = "Any";

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
     * What the firewall has to let in for {@code allow}. The whole of {@code private} becomes LocalSubnet, and every address
     * becomes Any; loopback needs nothing, as the firewall does not see it.
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

    /** The same for the Hyper-V firewall, which knows addresses and no words. */
    static List<String> withoutWords(List<String> scope) {
        return scope.stream()
                .flatMap(entry ->
                        entry.equals(LOCAL_SUBNET) ? PRIVATE.stream().map(RemoteScope::text) : Stream.of(entry))
                .distinct()
                .toList();
    }

    /** Whether a rule about {@code addresses} concerns computers of the LAN; empty = every address. */
    static boolean concernsLan(List<String> addresses) {
        return addresses.isEmpty() || addresses.stream().anyMatch(RemoteScope::concernsLan);
    }

    private static boolean concernsLan(String entry) {
        Optional<AddressSpan> span = AddressSpan.read(entry);
        return span.isPresent()
                ? PRIVATE.stream().map(AddressSpan::of).anyMatch(span.get()::overlaps)
                : !NOT_THE_LAN.contains(entry);
    }

    /**
     * Whether a rule about {@code addresses} lets in all of {@code wanted}.
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
                    || PRIVATE.stream().allMatch(block -> coversSpan(addresses, AddressSpan.of(block)));
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
        return single ? IpLiteral.text(block.network()) : block.toString();
    }

    private static AddressBlock block(String text) {
        int slash = text.indexOf('/');
        return new AddressBlock(
                Objects.requireNonNull(IpLiteral.parse(text.substring(0, slash))),
                Integer.parseInt(text.substring(slash + 1)));
    }
}
