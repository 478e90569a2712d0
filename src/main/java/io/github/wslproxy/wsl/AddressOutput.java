package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.IpLiteral;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the literal addresses out of what a command printed. Known forms:
 *
 * <ul>
 * <li>words, as {@code hostname -I} prints them, and {@code ADDRESS/PREFIX}, as {@code ip -br addr} does;
 * <li>{@code inet ADDRESS/PREFIX brd ...}, as {@code ip addr} and BusyBox' {@code ip} print it, and {@code inet
 * addr:ADDRESS Bcast:...}, as BusyBox' and older {@code ifconfig} do: the broadcast address in the same line is no
 * address of the VM;
 * <li>{@code /proc/net/fib_trie}: only leaves that are followed by {@code /32 host LOCAL}.
 * </ul>
 *
 * <p>Colours, such as those of {@code ip -c}, are skipped.
 */
final class AddressOutput {
    private static final Pattern INET = Pattern.compile("(?:^|\\s)inet6?\\s+(?:addr:\\s*)?([^\\s/]+)");
    private static final Pattern COLOUR = Pattern.compile("\\x1b\\[[0-9;]*m");
    private static final Pattern PREFIX = Pattern.compile("/\\d{1,3}$");
    private static final Pattern PEER = Pattern.compile("\\speer\\s+\\S+");
    private static final Pattern TRIE_LEAF = Pattern.compile("\\|--\\s+(\\S+)");
    private static final Pattern TRIE_OWN = Pattern.compile("/32 host LOCAL");
    private static final Pattern TRIE_OTHER = Pattern.compile("(?:\\+--|/\\d+) .*");

    private final Set<InetAddress> found = new LinkedHashSet<>();
    private String leaf = "";

    private AddressOutput() {}

    /** Each address once, in the order of the text. What is no literal is skipped, never looked up. */
    static Set<InetAddress> addresses(String text) {
        AddressOutput output = new AddressOutput();
        COLOUR.matcher(text).replaceAll("").lines().map(String::strip).forEach(output::read);
        return output.found;
    }

    private void read(String line) {
        Matcher trieLeaf = TRIE_LEAF.matcher(line);
        Matcher inet = INET.matcher(line);
        if (trieLeaf.matches()) {
            leaf = trieLeaf.group(1);
        } else if (TRIE_OWN.matcher(line).matches()) {
            add(leaf);
        } else if (inet.find()) {
            add(inet.group(1));
        } else if (!TRIE_OTHER.matcher(line).matches()) {
            Arrays.stream(PEER.matcher(line).replaceAll("").split("\\s+", -1))
                    .map(word -> PREFIX.matcher(word).replaceFirst(""))
                    .forEach(this::add);
        }
    }

    private void add(String word) {
        Optional.ofNullable(IpLiteral.parse(word)).ifPresent(found::add);
    }
}
