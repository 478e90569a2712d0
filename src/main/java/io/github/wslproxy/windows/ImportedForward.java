package io.github.wslproxy.windows;

import io.github.wslproxy.forward.IpLiteral;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One {@code [[forward]]} that does what portproxy rules do.
 *
 * @param name unique among those made together and not one of the names that were taken
 * @param rules one, or the two that listen on the IPv4 and the IPv6 wildcard of one port and go to one place
 * @param target as in proxy.toml
 * @param remark what a reader should know about the target; may be empty
 */
public record ImportedForward(String name, List<PortProxyRule> rules, String target, String remark) {
    private static final String LIKE_WSL =
            ", which looks like WSL's; if that is another computer, put its address back";
    private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "[::]");

    public ImportedForward {
        rules = List.copyOf(rules);
    }

    /**
     * Makes a forward of each rule, or of the two rules for both wildcards of a port.
     *
     * @param wsl addresses known to be the VM's. Every address of 172.16.0.0/12 counts as one, too, since Windows takes
     *     the network of its virtual switch from there
     * @param taken names that are not free
     */
    public static List<ImportedForward> of(List<PortProxyRule> rules, Set<InetAddress> wsl, Set<String> taken) {
        Set<String> names = new HashSet<>(taken);
        List<ImportedForward> forwards = new ArrayList<>();
        List<PortProxyRule> left = wildcardsFirst(rules);
        while (!left.isEmpty()) {
            PortProxyRule rule = left.remove(0);
            Optional<PortProxyRule> twin = left.stream()
                    .filter(other -> areTwins(rule, other) && target(rule, wsl).equals(target(other, wsl)))
                    .findFirst();
            twin.ifPresent(left::remove);
            List<PortProxyRule> its = twin.map(other -> List.of(rule, other)).orElse(List.of(rule));
            forwards.add(new ImportedForward(freeName(rule, names), its, target(rule, wsl), remark(rule, wsl)));
        }
        return List.copyOf(forwards);
    }

    /** Of two forwards that exclude each other the later one is refused, so that a wildcard wins. */
    private static List<PortProxyRule> wildcardsFirst(List<PortProxyRule> rules) {
        List<PortProxyRule> sorted = new ArrayList<>(rules);
        sorted.sort(Comparator.comparing(rule -> !WILDCARDS.contains(rule.listenHost())));
        return sorted;
    }

    /** Whether one listens on the IPv4 wildcard of a port and the other on the IPv6 wildcard. */
    private static boolean areTwins(PortProxyRule one, PortProxyRule other) {
        return one.listenPort() == other.listenPort()
                && !one.listenHost().equals(other.listenHost())
                && WILDCARDS.containsAll(List.of(one.listenHost(), other.listenHost()));
    }

    private static String target(PortProxyRule rule, Set<InetAddress> wsl) {
        return (remark(rule, wsl).isEmpty() ? rule.connectHost() : "wsl") + ":" + rule.connectPort();
    }

    /** Empty unless the rule leads into WSL. */
    private static String remark(PortProxyRule rule, Set<InetAddress> wsl) {
        InetAddress address = IpLiteral.parse(rule.connectAddress());
        if (address == null || !(wsl.contains(address) || isPrivate172(address))) {
            return "";
        }
        return "was " + rule.connectAddress() + (wsl.contains(address) ? ", the address of WSL" : LIKE_WSL);
    }

    private static boolean isPrivate172(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 && bytes[0] == (byte) 172 && (bytes[1] & 0xf0) == 16;
    }

    private static String freeName(PortProxyRule rule, Set<String> names) {
        String plain = "tcp-" + rule.listenPort();
        String name = plain;
        for (int number = 2; !names.add(name); number++) {
            name = plain + "-" + number;
        }
        return name;
    }

    /** This forward with its server inside WSL. */
    public ImportedForward intoWsl() {
        return new ImportedForward(name, rules, "wsl:" + rules.get(0).connectPort(), "");
    }

    /** Its listen entries in proxy.toml. */
    public List<String> listens() {
        return rules.stream()
                .map(rule -> rule.listenHost() + ":" + rule.listenPort())
                .toList();
    }

    /** Its table in proxy.toml. Nothing in it needs an escape: {@link PortProxyRule} has addresses and names only. */
    public List<String> toml() {
        boolean v6Only = rules.size() == 1 && rules.get(0).listenHost().equals("[::]");
        return List.of(
                "[[forward]]",
                "name   = " + quoted(name),
                "listen = " + listenToml() + (v6Only ? " # takes IPv4 too" : ""),
                "target = " + quoted(target) + (remark.isEmpty() ? "" : " # " + remark));
    }

    /** Its entry of an array in proxy.toml, without remarks. */
    public String inlineToml() {
        return "{ name = " + quoted(name) + ", listen = " + listenToml() + ", target = " + quoted(target) + " }";
    }

    private String listenToml() {
        String listen = listens().stream().map(ImportedForward::quoted).collect(Collectors.joining(", "));
        return rules.size() == 1 ? listen : "[" + listen + "]";
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
