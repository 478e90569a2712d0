package io.github.wslproxy.windows.firewall;

import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One rule as Windows keeps it in the registry ([MS-GPFAS] 2.2.2.19): {@code
 * v2.30|Action=Block|Active=TRUE|Dir=In|Protocol=6|Profile=Private|App=C:\java.exe|Name=Java|}.
 */
final class RuleText {
    private static final Pattern VARIABLE = Pattern.compile("%([^%|=]+)%");
    private static final Pattern PORTS = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");

    /** Fields that are read, or do not limit a rule. Any other field may limit it. */
    private static final Pattern JUDGED = Pattern.compile(
            "Action|Profile|Protocol|App|RA4|RA6|LPort|LPort2_.*|Active|Dir|Name|Desc|EmbedCtxt|Edge|Defer|LSM|LOM"
                    + "|PCross|SkipVer|AuthByPassOut");

    private final Map<String, List<String>> fields = new LinkedHashMap<>();
    private final Function<String, Optional<String>> environment;

    private RuleText(String text, Function<String, Optional<String>> environment) {
        this.environment = environment;
        for (String field : text.split("\\|", -1)) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                fields.computeIfAbsent(field.substring(0, equals), name -> new ArrayList<>())
                        .add(field.substring(equals + 1));
            }
        }
    }

    /**
     * The rule; empty if it is not in force, or not about TCP or UDP that comes in.
     *
     * @param environment the variables that paths of programs are written with
     */
    static Optional<FirewallRule> read(
            String id, boolean ofPolicy, String text, Function<String, Optional<String>> environment) {
        return new RuleText(text, environment).rule(id, ofPolicy);
    }

    private Optional<FirewallRule> rule(String id, boolean ofPolicy) {
        boolean inForce = first("Active").equals("TRUE") && first("Dir").equals("In");
        if (!inForce || protocols().isEmpty() || profiles().isEmpty()) {
            return Optional.empty();
        }
        List<PortRange> ports =
                portTexts().flatMap(text -> range(text).stream()).toList();
        boolean conditional = !fields.keySet().stream().allMatch(JUDGED.asMatchPredicate())
                || !Set.of("Allow", "Block").contains(first("Action"))
                || ports.size() < portTexts().count();
        List<String> remote = Stream.concat(all("RA4"), all("RA6")).distinct().toList();
        return Optional.of(new FirewallRule(
                id,
                first("Name"),
                first("Action").equals("Block"),
                ofPolicy,
                profiles(),
                protocols(),
                ports,
                all("App").findFirst().map(this::expanded),
                remote.isEmpty() ? RemoteAddresses.ANY : new RemoteAddresses(remote),
                conditional,
                first("EmbedCtxt")));
    }

    private Set<Protocol> protocols() {
        return switch (first("Protocol")) {
            case "", "256" -> EnumSet.allOf(Protocol.class);
            case "6" -> Set.of(Protocol.TCP);
            case "17" -> Set.of(Protocol.UDP);
            default -> Set.of();
        };
    }

    private Stream<String> portTexts() {
        return fields.keySet().stream()
                .filter(field -> field.startsWith("LPort"))
                .flatMap(this::all)
                .distinct();
    }

    /** A port or a range; empty for a word, such as RPC. */
    private static Optional<PortRange> range(String text) {
        Matcher ports = PORTS.matcher(text);
        if (!ports.matches()) {
            return Optional.empty();
        }
        int first = Integer.parseInt(ports.group(1));
        int last = ports.group(2) == null ? first : Integer.parseInt(ports.group(2));
        return last <= PortRange.MAX_PORT && first <= last ? Optional.of(new PortRange(first, last)) : Optional.empty();
    }

    private Set<NetworkCategory> profiles() {
        List<String> named = all("Profile").toList();
        Set<NetworkCategory> profiles = EnumSet.noneOf(NetworkCategory.class);
        for (NetworkCategory category : NetworkCategory.values()) {
            if (named.isEmpty() || named.contains(category.toString())) {
                profiles.add(category);
            }
        }
        return profiles;
    }

    private String first(String field) {
        return all(field).findFirst().orElse("");
    }

    private Stream<String> all(String field) {
        return fields.getOrDefault(field, List.of()).stream();
    }

    private String expanded(String path) {
        return VARIABLE.matcher(path)
                .replaceAll(variable -> Matcher.quoteReplacement(
                        environment.apply(variable.group(1)).orElse(variable.group())));
    }
}
