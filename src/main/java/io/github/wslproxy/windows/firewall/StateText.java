package io.github.wslproxy.windows.firewall;

import io.github.wslproxy.forward.IpLiteral;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads what {@code state.ps1} prints. An output that is not whole, or holds another line, is not known. */
final class StateText {
    private final Function<String, Optional<String>> environment;
    private final Optional<InetAddress> route;
    private final List<FirewallRule> rules = new ArrayList<>();
    private final List<FirewallState.Profile> profiles = new ArrayList<>();
    private final List<FirewallState.Network> networks = new ArrayList<>();

    private final Map<String, List<InetAddress>> addresses = new HashMap<>();

    private StateText(Function<String, Optional<String>> environment, Optional<InetAddress> route) {
        this.environment = environment;
        this.route = route;
    }

    /**
     * Reads all of it.
     *
     * @param environment the variables that paths of programs are written with
     * @param route the address that the default route leaves from, which the script does not print
     */
    static Optional<FirewallState> read(
            String output, Function<String, Optional<String>> environment, Optional<InetAddress> route) {
        List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
        if (lines.isEmpty() || !lines.get(lines.size() - 1).equals("end")) {
            return Optional.empty();
        }
        StateText text = new StateText(environment, route);
        try {
            lines.subList(0, lines.size() - 1).forEach(text::readLine);
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
        return text.state();
    }

    private Optional<FirewallState> state() {
        Set<NetworkCategory> known =
                profiles.stream().map(FirewallState.Profile::category).collect(Collectors.toSet());
        boolean oneOfEach = known.size() == profiles.size() && known.size() == NetworkCategory.values().length;
        return oneOfEach ? Optional.of(new FirewallState(rules, profiles, addressed(), route)) : Optional.empty();
    }

    private List<FirewallState.Network> addressed() {
        return networks.stream()
                .map(network -> new FirewallState.Network(
                        network.adapter(),
                        network.name(),
                        network.category(),
                        addresses.getOrDefault(network.adapter(), List.of())))
                .toList();
    }

    private void readLine(String line) {
        List<String> fields = Arrays.stream(line.split(" ", -1))
                .map(field -> URLDecoder.decode(field, StandardCharsets.UTF_8))
                .toList();
        String kind = fields.get(0) + fields.size();
        switch (kind) {
            case "rule4" ->
                RuleText.read(fields.get(2), fields.get(1).equals("policy"), fields.get(3), environment)
                        .ifPresent(rules::add);
            case "profile6" ->
                profiles.add(new FirewallState.Profile(
                        category(fields.get(1)),
                        flag(fields.get(2), false),
                        !action(fields.get(3)).equals("Allow"),
                        flag(fields.get(4), true),
                        flag(fields.get(5), true)));
            case "network4" ->
                networks.add(
                        new FirewallState.Network(fields.get(1), fields.get(2), category(fields.get(3)), List.of()));
            case "address3" ->
                Optional.ofNullable(IpLiteral.parse(fields.get(2))).ifPresent(address -> addresses
                        .computeIfAbsent(fields.get(1), adapter -> new ArrayList<>())
                        .add(address));
            default -> throw new IllegalArgumentException(line);
        }
    }

    private static NetworkCategory category(String word) {
        return switch (word) {
            case "Domain", "DomainAuthenticated" -> NetworkCategory.DOMAIN;
            case "Private" -> NetworkCategory.PRIVATE;
            case "Public" -> NetworkCategory.PUBLIC;
            default -> throw new IllegalArgumentException(word);
        };
    }

    /** Reads a GpoBoolean, which has a third value. */
    private static boolean flag(String word, boolean notConfigured) {
        return switch (word) {
            case "True" -> true;
            case "False" -> false;
            case "NotConfigured" -> notConfigured;
            default -> throw new IllegalArgumentException(word);
        };
    }

    private static String action(String word) {
        if (!Set.of("Allow", "Block", "NotConfigured").contains(word)) {
            throw new IllegalArgumentException(word);
        }
        return word;
    }
}
