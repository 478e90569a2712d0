package io.github.wslproxy.windows.firewall;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A firewall as state.ps1 prints it: on, and with Windows' own defaults, to which rules and networks are added. */
public final class FirewallOutput {
    private static final Map<String, String> ENVIRONMENT = Map.of("SystemRoot", "C:\\WINDOWS");

    private final List<String> lines = new ArrayList<>();
    private final Map<NetworkCategory, String> profiles = new EnumMap<>(NetworkCategory.class);

    public FirewallOutput() {
        for (NetworkCategory category : NetworkCategory.values()) {
            profile(category, "True Block NotConfigured NotConfigured");
        }
    }

    /** A rule of this computer, as the registry has it without the version. */
    public FirewallOutput local(String id, String rule) {
        return rule("local", id, rule);
    }

    public FirewallOutput policy(String id, String rule) {
        return rule("policy", id, rule);
    }

    private FirewallOutput rule(String from, String id, String rule) {
        lines.add(line("rule", from, id, "v2.31|" + rule));
        return this;
    }

    public FirewallOutput network(String adapter, String name, String category) {
        lines.add(line("network", adapter, name, category));
        return this;
    }

    public FirewallOutput address(String adapter, String address) {
        lines.add(line("address", adapter, address));
        return this;
    }

    /**
     * Replaces the settings for networks of one category.
     *
     * @param settings Enabled, DefaultInboundAction, AllowInboundRules, AllowLocalFirewallRules
     */
    public FirewallOutput profile(NetworkCategory category, String settings) {
        profiles.put(category, "profile " + category + " " + settings);
        return this;
    }

    public String output() {
        return Stream.of(lines.stream(), profiles.values().stream(), Stream.of("end"))
                .flatMap(part -> part)
                .collect(Collectors.joining("\r\n", "", "\r\n"));
    }

    public FirewallState state() {
        return StateText.read(output(), FirewallOutput::variable, Optional.empty())
                .orElseThrow();
    }

    static Optional<String> variable(String name) {
        return Optional.ofNullable(ENVIRONMENT.get(name));
    }

    static String line(String... fields) {
        return Stream.of(fields)
                .map(field -> URLEncoder.encode(field, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining(" "));
    }
}
