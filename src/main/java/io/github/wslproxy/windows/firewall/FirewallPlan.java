package io.github.wslproxy.windows.firewall;

import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.windows.firewall.PlannedRule.RuleKind;
import io.github.wslproxy.windows.powershell.FirewallCommands;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rules that the forwards of a configuration need: as few as their protocols and {@code allow}s permit.
 *
 * @param rules none if every forward is for this computer only
 */
public record FirewallPlan(List<PlannedRule> rules) {
    private static final String MIRRORED = "mirrored";

    public FirewallPlan {
        rules = List.copyOf(rules);
    }

    /**
     * Makes the plan.
     *
     * @param sharedMode what WSL calls the mode in which it shares the addresses of Windows; empty: it has its own, or
     *     it is not known
     * @param inUse the categories of the networks that there are; a rule is for private networks, and for domain ones
     *     while this computer is on one
     * @param wslNetwork the network from which programs in WSL come; empty: not known
     */
    public static FirewallPlan of(
            List<Forward> forwards,
            Optional<String> sharedMode,
            JavaExecutables programs,
            Set<NetworkCategory> inUse,
            Optional<AddressBlock> wslNetwork) {
        Map<Scope, Wanted> wanted = new LinkedHashMap<>();
        for (Forward forward : forwards) {
            for (Protocol protocol : EnumSet.copyOf(forward.protocols())) {
                forward.listens().stream().filter(FirewallPlan::isOpenToOthers).forEach(listen -> scope(
                                forward, listen, protocol, sharedMode, wslNetwork)
                        .ifPresent(scope -> wanted.computeIfAbsent(scope, its -> new Wanted())
                                .add(forward, listen)));
            }
        }
        return new FirewallPlan(rules(wanted, programs, profiles(inUse)));
    }

    private static Set<NetworkCategory> profiles(Set<NetworkCategory> inUse) {
        Set<NetworkCategory> profiles = EnumSet.of(NetworkCategory.PRIVATE);
        if (inUse.contains(NetworkCategory.DOMAIN)) {
            profiles.add(NetworkCategory.DOMAIN);
        }
        return profiles;
    }

    /** What forwards have in common if one rule serves them all. */
    private record Scope(RuleKind kind, Protocol protocol, RemoteAddresses remote) {}

    private static final class Wanted {
        private final Set<String> forwards = new LinkedHashSet<>();
        private final List<PortRange> ports = new ArrayList<>();

        void add(Forward forward, Endpoint listen) {
            forwards.add(forward.name());
            ports.add(listen.ports());
        }
    }

    private static boolean isOpenToOthers(Endpoint listen) {
        if (listen.host() instanceof Host.Address literal) {
            return !literal.value().isLoopbackAddress();
        }
        return !(listen.host() instanceof Host.Name name && name.value().equalsIgnoreCase("localhost"));
    }

    private static Optional<Scope> scope(
            Forward forward,
            Endpoint listen,
            Protocol protocol,
            Optional<String> sharedMode,
            Optional<AddressBlock> wslNetwork) {
        RemoteAddresses remote = RemoteAddresses.of(forward.access().allow());
        if (remote.isEmpty()) {
            return Optional.empty();
        }
        if (listen.host() instanceof Host.Wsl && sharedMode.isPresent()) {
            return Optional.empty(); // It stays closed: 127.0.0.1 in Linux is this computer already.
        }
        if (listen.host() instanceof Host.Wsl) {
            return Optional.of(new Scope(RuleKind.FROM_WSL, protocol, remote.inWsl(wslNetwork)));
        }
        boolean guestListens = sharedMode.isPresent()
                && forward.target().host() instanceof Host.Wsl
                && forward.target().ports().equals(listen.ports());
        return Optional.of(new Scope(guestListens ? kind(sharedMode.get()) : RuleKind.LAN, protocol, remote));
    }

    private static RuleKind kind(String sharedMode) {
        return sharedMode.equals(MIRRORED) ? RuleKind.TO_WSL : RuleKind.SHARED;
    }

    private static List<PlannedRule> rules(
            Map<Scope, Wanted> wanted, JavaExecutables programs, Set<NetworkCategory> profiles) {
        List<PlannedRule> rules = new ArrayList<>();
        Map<String, Integer> taken = new HashMap<>();
        wanted.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<Scope, Wanted> entry) ->
                                entry.getKey().kind())
                        .thenComparing(entry -> entry.getKey().protocol()))
                .forEach(entry -> {
                    Scope scope = entry.getKey();
                    String name = name(scope);
                    int number = taken.merge(name, 1, Integer::sum);
                    String unique = number == 1 ? name : name + "-" + number;
                    rules.addAll(rules(unique, scope, entry.getValue(), programs, profiles));
                });
        return rules;
    }

    private static String name(Scope scope) {
        String end =
                switch (scope.kind()) {
                    case LAN -> "";
                    case SHARED -> "-shared";
                    case FROM_WSL -> "-from-wsl";
                    case TO_WSL -> "-to-wsl";
                };
        return FirewallCommands.GROUP + "-" + scope.protocol() + end;
    }

    private static List<PlannedRule> rules(
            String name, Scope scope, Wanted wanted, JavaExecutables programs, Set<NetworkCategory> profiles) {
        List<PortRange> ports = joined(wanted.ports);
        List<String> forwards = List.copyOf(wanted.forwards);
        PlannedRule any = new PlannedRule(
                name, forwards, scope.kind(), scope.protocol(), ports, scope.remote(), profiles, Optional.empty());
        if (!any.isOurs() || !programs.ownRuntime()) {
            return List.of(any);
        }
        return programs.forRules().stream()
                .map(path -> new PlannedRule(
                        name + "-" + stem(path),
                        forwards,
                        scope.kind(),
                        scope.protocol(),
                        ports,
                        scope.remote(),
                        profiles,
                        Optional.of(path)))
                .toList();
    }

    private static String stem(String path) {
        String file = path.substring(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1);
        int dot = file.lastIndexOf('.');
        return dot < 0 ? file : file.substring(0, dot);
    }

    /** The ports in order, each once. */
    private static List<PortRange> joined(List<PortRange> ranges) {
        List<PortRange> joined = new ArrayList<>();
        ranges.stream().sorted(Comparator.comparingInt(PortRange::first)).forEach(range -> {
            int last = joined.size() - 1;
            if (last >= 0 && range.first() <= joined.get(last).last() + 1) {
                PortRange before = joined.get(last);
                joined.set(last, new PortRange(before.first(), Math.max(before.last(), range.last())));
            } else {
                joined.add(range);
            }
        });
        return joined;
    }

    /**
     * The commands that make all rules and remove the other ones of the group, for a firewall that is not read. The new
     * rules come first, so that a command that fails leaves the old ones.
     */
    public List<String> commands() {
        List<String> commands = new ArrayList<>(making(rules));
        commands.add(FirewallCommands.removeRulesExcept(rules.stream()
                .filter(rule -> rule.kind() != RuleKind.TO_WSL)
                .map(PlannedRule::name)
                .toList()));
        return commands;
    }

    /**
     * The commands that make {@code wanted}, some of the rules, and remove the rules of ours in the Hyper-V firewall,
     * which are not read and outlive mirrored mode.
     */
    List<String> making(List<PlannedRule> wanted) {
        List<String> commands = new ArrayList<>();
        wanted.stream()
                .filter(rule -> rule.kind() != RuleKind.TO_WSL)
                .forEach(rule -> commands.addAll(rule.commands()));
        commands.add(FirewallCommands.removeHyperVRules());
        wanted.stream()
                .filter(rule -> rule.kind() == RuleKind.TO_WSL)
                .forEach(rule -> commands.addAll(rule.commands()));
        return commands;
    }

    /** The commands that remove them again. */
    public List<String> removal() {
        return List.of(FirewallCommands.removeRules(), FirewallCommands.removeHyperVRules());
    }
}
