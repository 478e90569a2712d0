package io.github.wslproxy.windows.firewall;

import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.IpLiteral;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Consecutive addresses of one family, both ends included. */
record AddressRange(InetAddress first, InetAddress last) {

    static AddressRange of(AddressBlock block) {
        byte[] last = block.network().getAddress();
        for (int bit = block.prefix(); bit < last.length * Byte.SIZE; bit++) {
            last[bit / Byte.SIZE] |= (byte) (0x80 >> bit % Byte.SIZE);
        }
        try {
            return new AddressRange(block.masked().network(), InetAddress.getByAddress(last));
        } catch (UnknownHostException wrongLength) {
            throw new IllegalStateException(wrongLength);
        }
    }

    /**
     * Reads what a rule has: {@code 192.168.7.5}, {@code 192.168.7.0/24}, {@code 192.168.7.0/255.255.255.0}, {@code
     * 192.168.7.5-192.168.7.9} and the like of IPv6; empty for a word, such as LocalSubnet.
     */
    static Optional<AddressRange> read(String text) {
        int dash = text.indexOf('-');
        int slash = text.indexOf('/');
        if (dash > 0) {
            return between(text.substring(0, dash), text.substring(dash + 1));
        }
        return slash > 0
                ? block(text.substring(0, slash), text.substring(slash + 1)).map(AddressRange::of)
                : between(text, text);
    }

    private static Optional<AddressRange> between(String from, String to) {
        InetAddress first = IpLiteral.parse(from);
        InetAddress last = IpLiteral.parse(to);
        if (first == null || last == null || first.getClass() != last.getClass() || compare(first, last) > 0) {
            return Optional.empty();
        }
        return Optional.of(new AddressRange(first, last));
    }

    private static Optional<AddressBlock> block(String network, String rest) {
        InetAddress address = IpLiteral.parse(network);
        InetAddress mask = IpLiteral.parse(rest);
        if (address == null) {
            return Optional.empty();
        }
        if (mask instanceof Inet4Address && address instanceof Inet4Address) {
            return prefix(mask).map(prefix -> new AddressBlock(address, prefix));
        }
        boolean fits = rest.matches("\\d{1,3}") && Integer.parseInt(rest) <= address.getAddress().length * Byte.SIZE;
        return fits ? Optional.of(new AddressBlock(address, Integer.parseInt(rest))) : Optional.empty();
    }

    /** Gives 16 for {@code 255.255.0.0}; empty for a mask with holes, which is no block. */
    private static Optional<Integer> prefix(InetAddress mask) {
        int bits = ByteBuffer.wrap(mask.getAddress()).getInt();
        int prefix = Integer.bitCount(bits);
        return Integer.numberOfTrailingZeros(bits) == Integer.SIZE - prefix ? Optional.of(prefix) : Optional.empty();
    }

    boolean contains(AddressRange other) {
        return first.getClass() == other.first.getClass()
                && compare(first, other.first) <= 0
                && compare(last, other.last) >= 0;
    }

    private static int compare(InetAddress one, InetAddress other) {
        return Arrays.compareUnsigned(one.getAddress(), other.getAddress());
    }
}
