package io.github.wslproxy.config;

import io.github.wslproxy.config.ValueParser.InvalidValue;
import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.Access.ListOrigin;
import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.Limits;
import io.github.wslproxy.forward.ProxyProtocol;
import io.github.wslproxy.forward.Timeouts;
import io.github.wslproxy.os.SafeText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What both {@code [defaults]} and a {@code [[forward]]} may set. */
public record ForwardDefaults(Access access, Timeouts timeouts, Limits limits, ProxyProtocol proxyProtocol) {
    /** The highest limit that may be set. */
    static final int MOST = 1_000_000;

    private static final Map<String, ProxyProtocol> PROXY_PROTOCOLS =
            Map.of("off", ProxyProtocol.OFF, "v1", ProxyProtocol.V1, "v2", ProxyProtocol.V2);

    /** The values that hold where the file says nothing. */
    static ForwardDefaults builtIn() {
        return new ForwardDefaults(
                new Access(Access.PRIVATE, List.of(), new ListOrigin("[\"private\"]", "", ""), ListOrigin.NONE),
                new Timeouts(
                        Duration.ofSeconds(5),
                        Duration.ofHours(2).plusMinutes(5),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(5)),
                new Limits(1024, 256, 1024, 128),
                ProxyProtocol.OFF);
    }

    /**
     * Access for the clients that somebody asks for by hand, except those that {@code deny} keeps out. The words
     * private and loopback may not let in more than these defaults do, as they may stand for more than their user
     * thinks of; any, addresses and blocks may.
     *
     * @param words entries as in {@code allow}
     * @throws IllegalArgumentException if an entry is not valid, or lets in more than it may; the message is for the
     *     user
     */
    public Access narrowed(List<String> words) {
        List<AddressBlock> blocks = words.stream()
                .flatMap(word -> narrowed(word).stream())
                .distinct()
                .toList();
        String written = words.stream().map(SafeText::quoted).collect(Collectors.joining(", ", "[", "]"));
        return new Access(blocks, access.deny(), new ListOrigin(written, "wslproxy share", ""), access.denyOrigin());
    }

    private List<AddressBlock> narrowed(String word) {
        List<AddressBlock> blocks;
        try {
            blocks = AccessParser.parse(word);
        } catch (InvalidValue refused) {
            throw new IllegalArgumentException(refused.complaint() + " (expected " + refused.expected() + ")", refused);
        }
        boolean isVague = word.equals("private") || word.equals("loopback");
        if (isVague && !blocks.stream().allMatch(this::allows)) {
            throw new IllegalArgumentException(SafeText.quoted(word) + " lets in more than [defaults] allow does, "
                    + access.allow() + " (expected addresses or blocks, or any, which lets in everybody)");
        }
        return blocks;
    }

    private boolean allows(AddressBlock block) {
        return access.allow().stream().anyMatch(allowed -> allowed.contains(block));
    }

    /**
     * These values, with what the table sets instead.
     *
     * @param ofSection how messages name the table where that is not the forward itself
     */
    ForwardDefaults overriddenBy(TomlTableReader table, String ofSection) {
        ForwardDefaults own = new ForwardDefaults(
                access(table, access, ofSection, blocks(table, "deny")),
                timeouts(table),
                limits(table),
                table.read("proxy_protocol", ValueParser.oneOf(PROXY_PROTOCOLS)).orElse(proxyProtocol));
        return own.equals(this) ? this : own; // 4,000 forwards share one object this way.
    }

    /**
     * Access by the lists of the table, or by those of {@code otherwise} that it does not set.
     *
     * @param deny what the table denies; empty if it does not say
     */
    static Access access(TomlTableReader table, Access otherwise, String ofSection, Optional<List<AddressBlock>> deny) {
        Optional<List<AddressBlock>> allow = allow(table);
        return new Access(
                allow.orElse(otherwise.allow()),
                deny.orElse(otherwise.deny()),
                allow.isPresent() ? table.origin("allow", ofSection) : otherwise.allowOrigin(),
                deny.isPresent() ? table.origin("deny", ofSection) : otherwise.denyOrigin());
    }

    /** The blocks that the table allows; empty if it does not say. */
    private static Optional<List<AddressBlock>> allow(TomlTableReader table) {
        Optional<List<AddressBlock>> allow = blocks(table, "allow");
        if (allow.isPresent() && allow.get().isEmpty()) {
            table.refuse("allow", "is empty, so no client could come in", "at least one of " + AccessParser.EXPECTED);
        }
        return allow;
    }

    private Timeouts timeouts(TomlTableReader table) {
        return new Timeouts(
                table.read("connect_timeout", ValueParser.duration("10ms", "10m"))
                        .orElse(timeouts.connect()),
                table.read("idle_timeout", ValueParser.durationOrNever("10ms", "8760h"))
                        .orElse(timeouts.idle()),
                table.read("half_close_timeout", ValueParser.durationOrNever("10ms", "8760h"))
                        .orElse(timeouts.halfClose()),
                // The systems count their keep-alive in whole seconds.
                table.read("keep_alive", ValueParser.durationOr("the system's own", "1s", "24h"))
                        .orElse(timeouts.clientKeepAlive()),
                // Silence is the only end a UDP session has: without it each client would hold its place for good.
                table.read("udp_idle_timeout", ValueParser.duration("10ms", "24h"))
                        .orElse(timeouts.udpIdle()));
    }

    private Limits limits(TomlTableReader table) {
        ValueParser<Object, Integer> count = ValueParser.integer(1, MOST);
        return new Limits(
                table.read("max_connections", count).orElse(limits.connections()),
                table.read("max_connections_per_client", count).orElse(limits.connectionsPerClient()),
                table.read("max_sessions", count).orElse(limits.sessions()),
                table.read("max_sessions_per_client", count).orElse(limits.sessionsPerClient()));
    }

    private static Optional<List<AddressBlock>> blocks(TomlTableReader table, String key) {
        String expected = "an array as [\"private\"]";
        return table.readEach(key, ValueParser.text(AccessParser.EXPECTED, AccessParser::parse), expected)
                .map(entries -> entries.stream()
                        .flatMap(entry -> entry.value().stream())
                        .distinct()
                        .toList());
    }
}
