package io.github.wslproxy.forward;

import java.net.InetAddress;
import java.util.List;

/**
 * Which clients may come in.
 *
 * @param allow a client has to be in one of these
 * @param deny and must be in none of these: deny beats allow
 * @param allowOrigin where allow stands, for messages
 * @param denyOrigin where deny stands, for messages
 */
public record Access(List<AddressBlock> allow, List<AddressBlock> deny, ListOrigin allowOrigin, ListOrigin denyOrigin) {

    /**
     * The place where {@code allow} or {@code deny} stands, so that a refusal can name the list to edit.
     *
     * @param words the list as it is written, such as {@code ["private"]}; empty if nothing is written
     * @param section the table whose list it is, such as {@code [defaults]}; empty if the list is the forward's own
     * @param place {@code FILE:LINE}; empty if it stands in no file
     */
    public record ListOrigin(String words, String section, String place) {
        /** The origin of a list that nobody wrote. */
        public static final ListOrigin NONE = new ListOrigin("", "", "");
    }

    /** RFC 1122 §3.2.1.3, RFC 4291 §2.5.3. */
    public static final List<AddressBlock> LOOPBACK = List.of(block("127.0.0.0", 8), block("::1", 128));

    /**
     * RFC 1918, RFC 3927, RFC 4193, RFC 4291 §2.5.6, and loopback: the part of {@code private} that blocks can say.
     */
    public static final List<AddressBlock> PRIVATE = List.of(
            block("10.0.0.0", 8),
            block("172.16.0.0", 12),
            block("192.168.0.0", 16),
            block("169.254.0.0", 16),
            block("fc00::", 7),
            block("fe80::", 10),
            LOOPBACK.get(0),
            LOOPBACK.get(1));

    public Access {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }

    /**
     * Whether {@code private} is in {@code allow}, or all that it stands for: it also lets in IPv6 neighbours, whose
     * addresses only a running program can know.
     */
    public boolean allowsNeighbours() {
        return allow.containsAll(PRIVATE);
    }

    /** Whether {@code private} is in {@code deny}, which keeps out IPv6 neighbours as well. */
    public boolean deniesNeighbours() {
        return deny.containsAll(PRIVATE);
    }

    /** Access by lists that stand in no file. */
    public Access(List<AddressBlock> allow, List<AddressBlock> deny) {
        this(allow, deny, ListOrigin.NONE, ListOrigin.NONE);
    }

    /** Whether both let in the same clients, wherever their lists stand. */
    public boolean isLike(Access other) {
        return allow.equals(other.allow) && deny.equals(other.deny);
    }

    public boolean permits(InetAddress client) {
        return allows(client) && !denies(client);
    }

    /**
     * Whether some client of {@code network} may be let in. The answer may be yes where only several blocks of {@code
     * deny} together cover what is allowed.
     */
    public boolean permitsSomeOf(AddressBlock network) {
        return allow.stream()
                .filter(network::overlaps)
                .map(block -> block.prefix() > network.prefix() ? block : network)
                .anyMatch(both -> deny.stream().noneMatch(block -> block.contains(both)));
    }

    public boolean allows(InetAddress client) {
        return anyContains(allow, client);
    }

    public boolean denies(InetAddress client) {
        return anyContains(deny, client);
    }

    private static AddressBlock block(String network, int prefix) {
        return new AddressBlock(IpLiteral.of(network), prefix);
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
