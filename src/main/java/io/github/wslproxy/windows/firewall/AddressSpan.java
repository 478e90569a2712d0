package io.github.wslproxy.windows.firewall;

import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.IpLiteral;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Consecutive addresses of one family, both ends included.
 *
 * @param bits 32 or 128
 */
record AddressSpan(BigInteger first, BigInteger last, int bits) {

    static AddressSpan of(AddressBlock block) {
        int bits = block.network().getAddress().length * Byte.SIZE;
        BigInteger host = BigInteger.ONE.shiftLeft(bits - block.prefix()).subtract(BigInteger.ONE);
        BigInteger network = number(block.network()).andNot(host);
        return new AddressSpan(network, network.or(host), bits);
    }

    /**
     * {@code 192.168.7.5}, {@code 192.168.7.0/24}, {@code 192.168.7.0/255.255.255.0}, {@code 192.168.7.5-192.168.7.9}
     * and the like of IPv6; empty for a word, such as LocalSubnet.
     */
    static Optional<AddressSpan> read(String text) {
        int dash = text.indexOf('-');
        int slash = text.indexOf('/');
        if (dash > 0) {
            return between(text.substring(0, dash), text.substring(dash + 1));
        }
        return slash > 0
                ? block(text.substring(0, slash), text.substring(slash + 1)).map(AddressSpan::of)
                : between(text, text);
    }

    private static Optional<AddressSpan> between(String from, String to) {
        InetAddress first = IpLiteral.parse(from);
        InetAddress last = IpLiteral.parse(to);
        if (first == null || last == null || first.getClass() != last.getClass()) {
            return Optional.empty();
        }
        AddressSpan span = new AddressSpan(number(first), number(last), first.getAddress().length * Byte.SIZE);
        return span.first.compareTo(span.last) <= 0 ? Optional.of(span) : Optional.empty();
    }

    private static Optional<AddressBlock> block(String network, String rest) {
        InetAddress address = IpLiteral.parse(network);
        if (address == null) {
            return Optional.empty();
        }
        InetAddress mask = IpLiteral.parse(rest);
        if (mask != null) {
            return prefix(mask)
                    .filter(prefix -> mask.getClass() == address.getClass())
                    .map(prefix -> new AddressBlock(address, prefix));
        }
        boolean fits = rest.matches("\\d{1,3}") && Integer.parseInt(rest) <= address.getAddress().length * Byte.SIZE;
        return fits ? Optional.of(new AddressBlock(address, Integer.parseInt(rest))) : Optional.empty();
    }

    /** Of {@code 255.255.0.0}; empty for a mask with holes, which is no block. */
    private static Optional<Integer> prefix(InetAddress mask) {
        BigInteger bits = number(mask);
        int prefix = bits.bitCount();
        boolean whole = prefix == 0 || bits.getLowestSetBit() == mask.getAddress().length * Byte.SIZE - prefix;
        return whole ? Optional.of(prefix) : Optional.empty();
    }

    boolean contains(AddressSpan other) {
        return bits == other.bits && first.compareTo(other.first) <= 0 && last.compareTo(other.last) >= 0;
    }

    boolean overlaps(AddressSpan other) {
        return bits == other.bits && first.compareTo(other.last) <= 0 && last.compareTo(other.first) >= 0;
    }

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }
}
