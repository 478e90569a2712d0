package io.github.wslproxy.forward;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An address block in CIDR notation (RFC 4632, RFC 4291 §2.3). Bits of {@code network} below the prefix are ignored.
 *
 * @param network any address of the block; a v4-mapped one counts as IPv4, as the JDK makes it
 * @param prefix leading bits that must agree, 0 to 32 or 128
 */
public record AddressBlock(InetAddress network, int prefix) {

    public AddressBlock {
        int bits = network.getAddress().length * Byte.SIZE;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("prefix: " + prefix + " (expected: 0 to " + bits + ")");
        }
    }

    /** Whether {@code address} lies in the block; false for one of the other family. */
    public boolean contains(InetAddress address) {
        if ((network instanceof Inet4Address) != (address instanceof Inet4Address)) {
            return false;
        }
        byte[] mine = network.getAddress();
        byte[] theirs = address.getAddress();
        int wholeBytes = prefix / Byte.SIZE;
        for (int i = 0; i < wholeBytes; i++) {
            if (mine[i] != theirs[i]) {
                return false;
            }
        }
        int restBits = prefix % Byte.SIZE;
        return restBits == 0 || ((mine[wholeBytes] ^ theirs[wholeBytes]) & 0xff) >> (Byte.SIZE - restBits) == 0;
    }

    /** This block with all bits below the prefix at zero, as a configuration wants it. */
    public AddressBlock masked() {
        byte[] bytes = network.getAddress();
        for (int bit = prefix; bit < bytes.length * Byte.SIZE; bit++) {
            bytes[bit / Byte.SIZE] &= (byte) ~(0x80 >> bit % Byte.SIZE);
        }
        try {
            return new AddressBlock(InetAddress.getByAddress(bytes), prefix);
        } catch (UnknownHostException wrongLength) {
            throw new IllegalStateException(wrongLength);
        }
    }

    /** Whether all of another block lies in this one. */
    public boolean contains(AddressBlock other) {
        return prefix <= other.prefix && contains(other.network);
    }

    /** Whether an address lies in both. */
    public boolean overlaps(AddressBlock other) {
        return contains(other) || other.contains(this);
    }

    @Override
    public String toString() {
        return IpLiteral.text(network) + "/" + prefix;
    }
}
