package io.github.wslproxy.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The names of proxy.toml: they are its public contract. */
final class Keys {
    static final List<String> WSL =
            List.of("distribution", "address", "command", "interval", "timeout", "on_stopped", "hold", "localhost");
    static final List<String> DEFAULTS = List.of(
            "allow",
            "deny",
            "connect_timeout",
            "idle_timeout",
            "half_close_timeout",
            "keep_alive",
            "udp_idle_timeout",
            "max_connections",
            "max_connections_per_client",
            "max_sessions",
            "max_sessions_per_client",
            "proxy_protocol");
    static final List<String> LIMITS =
            List.of("max_connections", "max_connecting", "max_sessions", "max_connection_rate_per_client");
    static final List<String> STATUS = List.of("listen");
    static final List<String> LOG = List.of("level", "file");
    static final List<String> AUTO = List.of("ports", "protocol", "deny", "allow", "localhost");
    static final List<String> FORWARD = Stream.concat(
                    Stream.of("name", "enabled", "protocol", "port", "listen", "target"), DEFAULTS.stream())
            .toList();

    private static final Map<String, List<String>> BY_HEADER = new LinkedHashMap<>();

    static {
        BY_HEADER.put("[wsl]", WSL);
        BY_HEADER.put("[defaults]", DEFAULTS);
        BY_HEADER.put("[limits]", LIMITS);
        BY_HEADER.put("[status]", STATUS);
        BY_HEADER.put("[log]", LOG);
        BY_HEADER.put("[[forward]]", FORWARD);
        BY_HEADER.put("[auto]", AUTO);
    }

    static final List<String> TABLES = List.of("wsl", "defaults", "limits", "status", "log", "auto", "forward");

    private Keys() {}

    /**
     * The end of a message about an unknown key: the key it resembles, or the table it belongs to; empty if there is
     * none.
     */
    static String hint(String unknown, List<String> known) {
        if (unknown.equals("port") && known.equals(STATUS)) {
            return "; write it as listen = \"127.0.0.1:PORT\"";
        }
        Optional<String> nearest = Spelling.nearest(unknown, known);
        if (nearest.isPresent()) {
            return "; did you mean \"" + nearest.get() + "\"?";
        }
        return BY_HEADER.entrySet().stream()
                .filter(table -> table.getValue().contains(unknown))
                .findFirst()
                .map(table -> "; it belongs under " + table.getKey())
                .orElse("");
    }
}
