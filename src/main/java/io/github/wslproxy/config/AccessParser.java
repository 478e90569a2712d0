package io.github.wslproxy.config;

import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.AddressBlock;
import java.util.ArrayList;
import java.util.List;

/** Who may come in, in the words of proxy.toml. */
public final class AccessParser {
    private static final int MOST = 4;

    private AccessParser() {}

    /** On one line: {@code private}, or {@code private, 8.8.8.8/32 except 192.168.1.66/32}. */
    public static String of(Access access) {
        String allowed = words(access.allow());
        return access.deny().isEmpty() ? allowed : allowed + " except " + words(access.deny());
    }

    /** Whether everybody who can reach a port may come in, but for whom {@code deny} names. */
    public static boolean letsInAnybody(Access access) {
        return access.allow().containsAll(AddressBlocks.ANY);
    }

    /** The same of IPv4 alone. */
    static boolean letsInAnybodyByIpv4(Access access) {
        return access.allow().contains(AddressBlocks.ANY_IPV4);
    }

    private static String words(List<AddressBlock> blocks) {
        if (blocks.containsAll(AddressBlocks.ANY)) {
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
