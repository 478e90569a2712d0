package io.github.wslproxy.config;

import io.github.wslproxy.config.ValueParser.InvalidValue;
import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.SafeText;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads and writes who may come in, in the words of proxy.toml. */
public final class AccessParser {
    static final String EXPECTED =
            "\"private\", \"loopback\", \"any\", an address, or a block such as \"192.168.1.0/24\"";

    // This stands before the blocks, which are made with it.
    private static final Pattern SHAPE = Pattern.compile("([^/]*)(?:/(\\d{1,3}))?");
    private static final int MAPPED_PREFIX = 96;

    static final List<AddressBlock> ANY = blocks("0.0.0.0/0", "::/0");

    static final AddressBlock ANY_IPV4 = ANY.get(0);

    /** Blocks that {@link #of} names; it counts the rest. */
    private static final int MOST = 4;

    private AccessParser() {}

    /** Reads an entry of {@code allow} or {@code deny}: a word, an address, or a block in CIDR notation. */
    static List<AddressBlock> parse(String text) throws InvalidValue {
        return parse(text, EXPECTED);
    }

    /** @param expected what might stand there, for a text that is none of it */
    static List<AddressBlock> parse(String text, String expected) throws InvalidValue {
        return switch (text) {
            case "private" -> Access.PRIVATE;
            case "loopback" -> Access.LOOPBACK;
            case "any" -> ANY;
            default -> List.of(block(text, expected));
        };
    }

    private static AddressBlock block(String text, String expected) throws InvalidValue {
        Matcher matcher = SHAPE.matcher(text);
        InetAddress address = matcher.matches() ? IpLiteral.parse(matcher.group(1)) : null;
        if (address == null) {
            throw new InvalidValue(SafeText.quoted(text) + " is neither an address nor a block", expected);
        }
        if (address instanceof Inet6Address && text.indexOf('%') >= 0) {
            throw new InvalidValue(SafeText.quoted(text) + " names an interface", "the address without %");
        }
        int bits = address.getAddress().length * Byte.SIZE;
        int skipped = address instanceof Inet4Address && text.indexOf(':') >= 0 ? MAPPED_PREFIX : 0;
        String prefix = matcher.group(2);
        AddressBlock block = new AddressBlock(address, prefix == null ? bits : prefix(text, prefix, skipped, bits));
        return withoutHostBits(text, block);
    }

    private static int prefix(String text, String digits, int skipped, int bits) throws InvalidValue {
        int prefix = Integer.parseInt(digits) - skipped;
        if (prefix < 0 || prefix > bits) {
            throw new InvalidValue(
                    SafeText.quoted(text) + " has prefix " + digits, "/" + skipped + " to /" + (skipped + bits));
        }
        return prefix;
    }

    /** Bits below the prefix would be ignored, though their writer may have meant a smaller block. */
    private static AddressBlock withoutHostBits(String text, AddressBlock block) throws InvalidValue {
        AddressBlock network = block.masked();
        if (!network.equals(block)) {
            String one = IpLiteral.text(block.network());
            throw new InvalidValue(
                    SafeText.quoted(text) + " has bits below its prefix", network + ", or " + one + " for one address");
        }
        return block;
    }

    private static List<AddressBlock> blocks(String... texts) {
        return Stream.of(texts)
                .map(text -> {
                    try {
                        return block(text, EXPECTED);
                    } catch (InvalidValue typo) {
                        throw new IllegalArgumentException(typo);
                    }
                })
                .toList();
    }

    /** One line: {@code private}, or {@code private, 8.8.8.8/32 except 192.168.1.66/32}. */
    public static String of(Access access) {
        String allowed = words(access.allow());
        return access.deny().isEmpty() ? allowed : allowed + " except " + words(access.deny());
    }

    /** Whether everybody who can reach a port may come in, except those whom {@code deny} names. */
    public static boolean letsInAnybody(Access access) {
        return access.allow().containsAll(ANY);
    }

    /** Whether everybody who can reach a port by IPv4 may come in, except those whom {@code deny} names. */
    static boolean letsInAnybodyByIpv4(Access access) {
        return access.allow().contains(ANY_IPV4);
    }

    private static String words(List<AddressBlock> blocks) {
        if (blocks.containsAll(ANY)) {
            return "any";
        }
        List<AddressBlock> left = new ArrayList<>(blocks);
        List<String> words = new ArrayList<>();
        takeOut(Access.PRIVATE, "private", left, words);
        takeOut(Access.LOOPBACK, "loopback", left, words);
        left.stream().limit(MOST).map(AddressBlock::toString).forEach(words::add);
        if (left.size() > MOST) {
            words.add((left.size() - MOST) + " more");
        }
        return String.join(", ", words);
    }

    private static void takeOut(List<AddressBlock> named, String word, List<AddressBlock> left, List<String> words) {
        if (left.containsAll(named)) {
            left.removeAll(named);
            words.add(word);
        }
    }
}
