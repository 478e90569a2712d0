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
    private static final String USUAL = ", which looks like WSL's; if that is another computer, put its address back";
    private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "[::]");

    public ImportedForward {
        rules = List.copyOf(rules);
    }

    /**
     * Makes one of each rule, or of two rules that are one forward.
     *
     * @param wsl addresses known to be the VM's. Every address of 172.16.0.0/12 counts as one, too, since Windows takes
     *     the network of its virtual switch from there
     * @param taken names that are not free
     */
    public static List<ImportedForward> of(List<PortProxyRule> rules, Set<InetAddress> wsl, Set<String> taken) {
        Set<String> names = new HashSet<>(taken);
        List<ImportedForward> forwards = new ArrayList<>();
        for (PortProxyRule rule : wildcardsFirst(rules)) {
            ImportedForward forward = nameless(rule, wsl);
            Optional<ImportedForward> twin =
                    forwards.stream().filter(forward::isTwinOf).findFirst();
            if (twin.isPresent()) {
                forwards.replaceAll(each -> each.equals(twin.get()) ? each.joinedBy(rule) : each);
            } else {
                forwards.add(forward.named(freeName(rule, names)));
            }
        }
        return List.copyOf(forwards);
    }

    /** Names come in this order, and of two that exclude each other the later one is refused: a wildcard wins. */
    private static List<PortProxyRule> wildcardsFirst(List<PortProxyRule> rules) {
        return rules.stream()
                .sorted(Comparator.comparing(rule -> !WILDCARDS.contains(rule.listenHost())))
                .toList();
    }

    private static ImportedForward nameless(PortProxyRule rule, Set<InetAddress> wsl) {
        InetAddress address = IpLiteral.parse(rule.connectAddress());
        boolean known = address != null && wsl.contains(address);
        if (known || (address != null && isPrivate172(address))) {
            String remark = "was " + rule.connectAddress() + (known ? ", the address of WSL" : USUAL);
            return intoWsl("", List.of(rule), remark);
        }
        return new ImportedForward("", List.of(rule), rule.connectHost() + ":" + rule.connectPort(), "");
    }

    /** This forward with its server inside WSL. */
    public ImportedForward intoWsl() {
        return intoWsl(name, rules, "");
    }

    private static ImportedForward intoWsl(String name, List<PortProxyRule> rules, String remark) {
        return new ImportedForward(name, rules, "wsl:" + rules.get(0).connectPort(), remark);
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

    private boolean isTwinOf(ImportedForward other) {
        PortProxyRule own = rules.get(0);
        PortProxyRule its = other.rules.get(0);
        return other.rules.size() == 1
                && own.listenPort() == its.listenPort()
                && target.equals(other.target)
                && !own.listenHost().equals(its.listenHost())
                && WILDCARDS.containsAll(List.of(own.listenHost(), its.listenHost()));
    }

    private ImportedForward joinedBy(PortProxyRule rule) {
        return new ImportedForward(name, List.of(rules.get(0), rule), target, remark);
    }

    private ImportedForward named(String given) {
        return new ImportedForward(given, rules, target, remark);
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
