package io.github.wslproxy.config;

import io.github.wslproxy.config.ValueParser.InvalidValue;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.os.SafeText;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a host and ports: {@code HOST:PORT}, {@code HOST:A-B}, {@code [V6]:PORT}, {@code wsl:PORT}. */
final class EndpointParser {
    static final String EXPECTED = "HOST:PORT, HOST:FIRST-LAST or [IPV6]:PORT";
    static final String PORTS = "1 to " + PortRange.MAX_PORT;

    private static final Pattern SHAPE = Pattern.compile("(?:\\[([^\\[\\]]*)]|([^\\[\\]:]*)):([^:]*)");
    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");
    private static final Pattern BARE_V6 = Pattern.compile("[0-9A-Fa-f.]*(?::[0-9A-Fa-f.]*){2,}(?:%.*)?");
    private static final int LONGEST_NAME = 253;

    /** The longest name and a range fit; the patterns below recurse and must not see a megabyte. */
    private static final int LONGEST = 300;

    /** RFC 1123 §2.1 with the underscore that Windows allows; all digits at the end would be an address. */
    private static final String LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";

    private static final Pattern NAME = Pattern.compile("(?:" + LABEL + "\\.)*(?!\\d+\\.?$)" + LABEL + "\\.?");

    private EndpointParser() {}

    /**
     * Reads what {@link #parse} reads, or {@code *} as the host, which stands for every address, as listings show it.
     */
    static Endpoint parseListen(String text) throws InvalidValue {
        if (text.startsWith("*:")) {
            return new Endpoint(new Host.Everywhere(), ports(text.substring(2)));
        }
        if (text.startsWith(":") && RANGE.matcher(text.substring(1)).matches()) {
            throw new InvalidValue(SafeText.quoted(text) + " has no host", "\"*" + text + "\" for every address");
        }
        return parse(text);
    }

    static Endpoint parse(String text) throws InvalidValue {
        if (text.length() > LONGEST) {
            throw new InvalidValue("has " + text.length() + " characters", EXPECTED);
        }
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            throw misshapen(text);
        }
        PortRange ports = ports(matcher.group(3));
        String bracketed = matcher.group(1);
        return new Endpoint(bracketed != null ? v6(bracketed) : host(matcher.group(2)), ports);
    }

    private static InvalidValue misshapen(String text) {
        if (BARE_V6.matcher(text).matches()) {
            return new InvalidValue(SafeText.quoted(text) + " has an IPv6 address without brackets", "[IPV6]:PORT");
        }
        boolean portMissing = text.indexOf(':') < 0 || text.endsWith("]");
        return new InvalidValue(
                SafeText.quoted(text) + (portMissing ? " has no port" : " is not an address with a port"), EXPECTED);
    }

    static PortRange ports(String text) throws InvalidValue {
        Matcher matcher = RANGE.matcher(text);
        if (!matcher.matches()) {
            throw InvalidValue.ofPort("port " + SafeText.quoted(text), PORTS + ", or a range as 8000-8010");
        }
        int first = port(matcher.group(1));
        int last = matcher.group(2) == null ? first : port(matcher.group(2));
        if (last < first) {
            throw InvalidValue.ofPort("ports " + text + " run backwards", last + "-" + first);
        }
        return new PortRange(first, last);
    }

    private static int port(String digits) throws InvalidValue {
        int port = Integer.parseInt(digits);
        if (port < 1 || port > PortRange.MAX_PORT) {
            throw InvalidValue.ofPort("port " + port, PORTS);
        }
        return port;
    }

    private static Host v6(String text) throws InvalidValue {
        InetAddress address = text.indexOf(':') < 0 ? null : IpLiteral.parse(text);
        if (address != null) {
            return new Host.Address(address);
        }
        if (IpLiteral.isScoped(text)) {
            return new Host.Name("[" + text + "]");
        }
        throw new InvalidValue("[" + SafeText.escaped(text) + "] is not an IPv6 address", "[IPV6]:PORT");
    }

    private static Host host(String text) throws InvalidValue {
        if (text.equalsIgnoreCase("wsl")) {
            return new Host.Wsl();
        }
        if (IpLiteral.parse(text) instanceof Inet4Address address) {
            return new Host.Address(address);
        }
        if (text.length() <= LONGEST_NAME && NAME.matcher(text).matches()) {
            return new Host.Name(text);
        }
        throw new InvalidValue("host " + SafeText.quoted(text) + " is neither an address nor a host name", EXPECTED);
    }
}
