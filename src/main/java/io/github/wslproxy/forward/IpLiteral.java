package io.github.wslproxy.forward;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes address literals and nothing else: what is no literal is refused, never looked up as a name.
 */
public final class IpLiteral {
    private static final Pattern V4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern V6 =
            Pattern.compile("(?![^%]*[0-9a-fA-F]{5})[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(?:%[^\\s%\\[\\]/]{1,64})?");

    private static final Pattern WITH_PORT = Pattern.compile("(\\[[^\\[\\]]*]|[^:\\[\\]]*):(\\d{1,5})");

    /** Names of adapters, in characters that may stand in any message. */
    private static final Pattern ADAPTER = Pattern.compile("[\\w.:@-]{1,64}");

    private static final Pattern V4_TAIL = Pattern.compile(":([0-9]*\\.[0-9.]*)(?:%.*)?$");

    /** Longest text form of an IPv6 address with an IPv4 tail (RFC 4291 §2.2), a percent sign and a scope of 64. */
    private static final int MAX_LENGTH = 45 + 1 + 64;

    /** Two or more groups of zero, with the colons around them, in the JDK's uncompressed form. */
    private static final Pattern ZERO_GROUPS = Pattern.compile("(?:^|:)0(?::0)+(?::|$)");

    private IpLiteral() {}

    /**
     * Reads an IPv4 dotted quad without leading zeros, or an IPv6 literal without brackets, with or without a scope id
     * (RFC 4007 §11). A v4-mapped address comes back as IPv4.
     *
     * @return null if {@code text} is anything else, or names a scope this computer does not have
     */
    public static @Nullable InetAddress parse(String text) {
        if (text.length() > MAX_LENGTH || !(V4.matcher(text).matches() || isV6(text))) {
            return null;
        }
        try {
            // The JDK reads a literal in brackets or throws; without brackets it may ask DNS.
            return text.indexOf(':') < 0 ? InetAddress.getByName(text) : InetAddress.getByName("[" + text + "]");
        } catch (UnknownHostException notALiteral) {
            return null;
        }
    }

    /** Whether {@code text} is an IPv6 address, without brackets, that names an adapter, be that there or not. */
    public static boolean isScoped(String text) {
        int percent = text.indexOf('%');
        return percent > 0
                && ADAPTER.matcher(text.substring(percent + 1)).matches()
                && parse(text.substring(0, percent)) instanceof Inet6Address;
    }

    /** The JDK also takes groups of five digits, and leading zeros in a tail of IPv4, which others read as octal. */
    private static boolean isV6(String text) {
        Matcher tail = V4_TAIL.matcher(text);
        return V6.matcher(text).matches()
                && (!tail.find() || V4.matcher(tail.group(1)).matches());
    }

    /** Reads an address that the program itself names; throws if {@code text} is no literal. */
    public static InetAddress of(String text) {
        return Objects.requireNonNull(parse(text), text);
    }

    /** {@code 127.0.0.1:5173}, {@code [::1]:5173}. */
    public static String withPort(InetAddress address, int port) {
        return bracketed(address) + ":" + port;
    }

    /** The address that {@link #withPort} makes the text of; null if it is none. */
    public static @Nullable InetSocketAddress parseWithPort(String text) {
        Matcher parts = WITH_PORT.matcher(text);
        InetAddress address = parts.matches() ? parse(parts.group(1).replaceAll("[\\[\\]]", "")) : null;
        int port = address == null ? 0 : Integer.parseInt(parts.group(2));
        return address == null || port > PortRange.MAX_PORT ? null : new InetSocketAddress(address, port);
    }

    /** The literal that a port may follow: IPv6 stands in brackets. */
    public static String bracketed(InetAddress address) {
        return address instanceof Inet6Address ? "[" + text(address) + "]" : text(address);
    }

    /** The literal that a person would write: IPv6 with its longest run of zeros left out (RFC 5952). */
    public static String text(InetAddress address) {
        String full = address.getHostAddress();
        if (!(address instanceof Inet6Address)) {
            return full;
        }
        int percent = full.indexOf('%');
        String scope = percent < 0 ? "" : full.substring(percent);
        String groups = percent < 0 ? full : full.substring(0, percent);
        Matcher zeros = ZERO_GROUPS.matcher(groups);
        int start = 0;
        int end = 0;
        while (zeros.find()) {
            if (zeros.end() - zeros.start() > end - start) {
                start = zeros.start();
                end = zeros.end();
            }
        }
        return end == 0 ? full : groups.substring(0, start) + "::" + groups.substring(end) + scope;
    }
}
