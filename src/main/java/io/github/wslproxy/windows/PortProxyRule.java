package io.github.wslproxy.windows;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.PortRange;
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
        PortProxyFamily family, String listenAddress, int listenPort, String connectAddress, int connectPort) {
    /** What netsh shows for a rule without listenaddress. */
    static final String ANY = "*";

    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F.]{0,15}:[0-9a-fA-F:.]{1,45}(?:%\\w{1,32})?");

    /** Wider than DNS, as there are NetBIOS names; nothing in it means anything to a shell. */
    private static final Pattern NAME = Pattern.compile("\\w(?:[\\w.-]{0,251}\\w)?\\.?");

    /** The rule, or in words why it is none. */
    sealed interface Reading {
        record Valid(PortProxyRule rule) implements Reading {}

        /**
         * No rule.
         *
         * @param deleteCommand how to be rid of it, as far as what it listens on is known
         */
        record Invalid(String reason, Optional<String> deleteCommand) implements Reading {}
    }

    /** Reads the four fields as they were found. */
    static Reading read(
            PortProxyFamily family,
            String listenAddress,
            String listenPort,
            String connectAddress,
            String connectPort) {
        Optional<String> problem = addressProblem(listenAddress, family.listensOnV6(), true)
                .or(() -> portProblem(listenPort))
                .map(reason -> "it listens on " + reason);
        if (problem.isPresent()) {
            return new Reading.Invalid(problem.get(), Optional.empty());
        }
        int listen = Integer.parseInt(listenPort);
        return addressProblem(connectAddress, family.connectsToV6(), false)
                .or(() -> portProblem(connectPort))
                .<Reading>map(reason -> new Reading.Invalid(
                        "it connects to " + reason, Optional.of(deleteCommand(family, listenAddress, listen))))
                .orElseGet(() -> new Reading.Valid(new PortProxyRule(
                        family, listenAddress, listen, connectAddress, Integer.parseInt(connectPort))));
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

    /** Whether a command that names these means it. netsh keeps a rule without listenaddress apart from 0.0.0.0. */
    boolean isOf(PortProxyFamily itsFamily, AddArguments named) {
        return family == itsFamily
                && listenAddress.equalsIgnoreCase(named.listenAddress())
                && String.valueOf(listenPort).equals(named.listenPort());
    }

    /** As in a listen entry of proxy.toml: the wildcard of the family for none, brackets around IPv6. */
    String listenHost() {
        if (listenAddress.equals(ANY)) {
            return family.listensOnV6() ? "[::]" : "0.0.0.0";
        }
        return host(listenAddress);
    }

    /** As in a target of proxy.toml. */
    String connectHost() {
        return host(connectAddress);
    }

    private static String host(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        // Written the short way; a v4-mapped address or one of another computer's interface stays as it is.
        String text = IpLiteral.parse(address) instanceof Inet6Address v6 ? IpLiteral.text(v6) : address;
        return "[" + text + "]";
    }

    /** For an administrator's command line. The address must be written as the rule has it. */
    public String deleteCommand() {
        return deleteCommand(family, listenAddress, listenPort);
    }

    private static String deleteCommand(PortProxyFamily family, String listenAddress, int listenPort) {
        String command = "netsh interface portproxy delete " + family + " listenport=" + listenPort;
        return listenAddress.equals(ANY) ? command : command + " listenaddress=" + listenAddress;
    }

    /** {@code v4tov4 0.0.0.0:3000 -> 172.28.176.1:3000}. */
    @Override
    public String toString() {
        String listen = listenAddress.equals(ANY) ? ANY : host(listenAddress);
        return String.format(Locale.ROOT, "%s %s:%d -> %s:%d", family, listen, listenPort, connectHost(), connectPort);
    }
}
