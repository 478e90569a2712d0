package io.github.wslproxy.windows;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.windows.powershell.EveryShell;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One rule of {@code netsh interface portproxy}; always TCP. Valid once built: what is in it may stand in a command.
 *
 * @param listenAddress {@code *} if the rule names none, else an address of the family or a name of this computer
 * @param connectAddress an address of the family or a name
 */
public record PortProxyRule(
        Family family, String listenAddress, int listenPort, String connectAddress, int connectPort) {
    /** What netsh shows for a rule without listenaddress. */
    static final String ANY = "*";

    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F.]{0,15}:[0-9a-fA-F:.]{1,45}(?:%\\w{1,32})?");

    /** Wider than DNS, as there are NetBIOS names; nothing in it means anything to a shell. */
    private static final Pattern NAME = Pattern.compile("\\w(?:[\\w.-]{0,251}\\w)?\\.?");

    /** Which IP version a rule listens on and which it connects to. */
    public enum Family {
        V4TOV4,
        V4TOV6,
        V6TOV4,
        V6TOV6;

        /** Each version is "4" or "6". */
        static Family of(String listens, String connects) {
            return valueOf("V" + listens + "TOV" + connects);
        }

        boolean listensOnV6() {
            return this == V6TOV4 || this == V6TOV6;
        }

        boolean connectsToV6() {
            return this == V4TOV6 || this == V6TOV6;
        }

        /** The word netsh has for it: {@code v4tov4}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Why a rule cannot listen there; empty if it can. */
    static Optional<String> listenProblem(Family family, String address, String port) {
        return addressProblem(address, family.listensOnV6(), true)
                .or(() -> portProblem(port))
                .map(reason -> "it listens on " + reason);
    }

    /** Why a rule cannot connect there; empty if it can. */
    static Optional<String> connectProblem(Family family, String address, String port) {
        return addressProblem(address, family.connectsToV6(), false)
                .or(() -> portProblem(port))
                .map(reason -> "it connects to " + reason);
    }

    private static Optional<String> portProblem(String text) {
        boolean port =
                text.matches("\\d{1,5}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= PortRange.MAX_PORT;
        return port ? Optional.empty() : Optional.of("port " + shown(text) + ", no number from 1 to 65535");
    }

    private static Optional<String> addressProblem(String text, boolean v6, boolean listening) {
        if (listening && text.equals(ANY)) {
            return Optional.empty();
        }
        boolean literal6 = V6.matcher(text).matches();
        InetAddress literal4 = literal6 ? null : IpLiteral.parse(text);
        if (!literal6 && literal4 == null) {
            return NAME.matcher(text).matches()
                    ? Optional.empty()
                    : Optional.of(shown(text) + ", neither an address nor a name");
        }
        if (literal6 != v6) {
            return Optional.of(text + ", which is not IPv" + (v6 ? 6 : 4));
        }
        InetAddress literal = literal6 ? IpLiteral.parse(text) : literal4;
        return !listening && literal != null && literal.isAnyLocalAddress()
                ? Optional.of(text + ", which is no computer")
                : Optional.empty();
    }

    private static String shown(String text) {
        return "\"" + text + "\"";
    }

    /** Whether it listens where {@code other} does. */
    boolean listensLike(PortProxyRule other) {
        return family.listensOnV6() == other.family.listensOnV6()
                && listenPort == other.listenPort
                && listenHost().equalsIgnoreCase(other.listenHost());
    }

    /** The host of a listen entry in proxy.toml: the wildcard of the family for none, brackets around IPv6. */
    String listenHost() {
        if (listenAddress.equals(ANY)) {
            return family.listensOnV6() ? "[::]" : "0.0.0.0";
        }
        return host(listenAddress);
    }

    /** The host of a target in proxy.toml. */
    String connectHost() {
        return host(connectAddress);
    }

    private static String host(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        // An address that is not IPv6 alone, such as a v4-mapped one, stays as the rule has it.
        return IpLiteral.parse(address) instanceof Inet6Address v6 ? IpLiteral.bracketed(v6) : "[" + address + "]";
    }

    /** The command, for an administrator. netsh wants the address written as the rule has it. */
    public String deleteCommand() {
        return deleteCommand(family, listenAddress, listenPort);
    }

    static String deleteCommand(Family family, String listenAddress, int listenPort) {
        return EveryShell.deletePortProxy(
                family.toString(), Optional.of(listenAddress).filter(address -> !address.equals(ANY)), listenPort);
    }

    /** {@code v4tov4 0.0.0.0:3000 -> 172.28.176.1:3000}. */
    @Override
    public String toString() {
        String listen = listenAddress.equals(ANY) ? ANY : host(listenAddress);
        return String.format(Locale.ROOT, "%s %s:%d -> %s:%d", family, listen, listenPort, connectHost(), connectPort);
    }
}
