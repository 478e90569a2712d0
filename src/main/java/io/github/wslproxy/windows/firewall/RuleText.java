package io.github.wslproxy.windows.firewall;

import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One rule as Windows keeps it in the registry ([MS-GPFAS] 2.2.2.19): {@code
 * v2.30|Action=Block|Active=TRUE|Dir=In|Protocol=6|Profile=Private|App=C:\java.exe|Name=Java|}.
 */
final class RuleText {
    private static final Pattern VARIABLE = Pattern.compile("%([^%|=]+)%");
    private static final Pattern PORTS = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");

    /** Fields that do not narrow down to what a rule applies. */
    private static final Set<String> MEANINGLESS = Set.of(
            "Active",
            "Dir",
            "Name",
            "Desc",
            "EmbedCtxt",
            "Edge",
            "Defer",
            "LSM",
            "LOM",
            "PCross",
            "SkipVer",
            "AuthByPassOut",
            "Platform2");

    /** Fields of rules for services and for apps in a container, of which wslproxy is neither. */
    private static final Set<String> FOR_OTHERS = Set.of("Svc", "AppPkgId", "PFN");

    private static final Set<String> READ =
            Set.of("Action", "Profile", "Protocol", "App", "RA4", "RA6", "RA42", "RA62", "Platform");

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
     * The rule; empty if it is not about TCP or UDP that comes in to a program as wslproxy is one.
     *
     * @param environment the variables that paths of programs are written with
     */
    static Optional<FirewallRule> read(
            String id, boolean ofPolicy, String text, Function<String, Optional<String>> environment) {
        return new RuleText(text, environment).rule(id, ofPolicy);
    }

    private Optional<FirewallRule> rule(String id, boolean ofPolicy) {
        boolean inForce = first("Active").equals("TRUE") && first("Dir").equals("In");
        Set<Protocol> protocols = protocols();
        Optional<List<PortRange>> ports = ports();
        if (!inForce
                || protocols.isEmpty()
                || ports.isEmpty()
                || profiles().isEmpty()
                || FOR_OTHERS.stream().anyMatch(fields::containsKey)) {
            return Optional.empty();
        }
        return Optional.of(new FirewallRule(
                id,
                first("Name"),
                first("Action").equals("Block"),
                ofPolicy,
                profiles(),
                protocols,
                ports.get(),
                all("App").stream().findFirst().map(this::expanded),
                all("RA4", "RA6", "RA42", "RA62"),
                conditions(),
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

    /** Empty where only words are given: RPC, Teredo and the like are ports of Windows itself. */
    private Optional<List<PortRange>> ports() {
        List<String> texts = fields.entrySet().stream()
                .filter(field -> isPort(field.getKey()))
                .flatMap(field -> field.getValue().stream())
                .toList();
        List<PortRange> ports = texts.stream()
                .map(PORTS::matcher)
                .filter(Matcher::matches)
                .map(RuleText::range)
                .filter(range -> range.last() <= PortRange.MAX_PORT && range.first() <= range.last())
                .map(range -> new PortRange(range.first(), range.last()))
                .toList();
        return ports.isEmpty() && !texts.isEmpty() ? Optional.empty() : Optional.of(ports);
    }

    private static Numbers range(Matcher ports) {
        int first = Integer.parseInt(ports.group(1));
        return new Numbers(first, ports.group(2) == null ? first : Integer.parseInt(ports.group(2)));
    }

    private record Numbers(int first, int last) {}

    private static boolean isPort(String field) {
        return field.equals("LPort") || field.startsWith("LPort2");
    }

    private Set<NetworkCategory> profiles() {
        List<String> named = all("Profile");
        Set<NetworkCategory> profiles = EnumSet.noneOf(NetworkCategory.class);
        for (NetworkCategory category : NetworkCategory.values()) {
            if (named.isEmpty() || named.contains(category.toString())) {
                profiles.add(category);
            }
        }
        return profiles;
    }

    /** What is not known may narrow it down: a later Windows may have fields that this program has never heard of. */
    private List<String> conditions() {
        List<String> conditions = new ArrayList<>();
        for (String field : fields.keySet()) {
            if (!MEANINGLESS.contains(field) && !READ.contains(field) && !isPort(field)) {
                conditions.add(field);
            }
        }
        // For that version of Windows only; with Platform2=GTEQ for every later one too.
        if (fields.containsKey("Platform") && !first("Platform2").equals("GTEQ")) {
            conditions.add("Platform");
        }
        if (!Set.of("Allow", "Block").contains(first("Action"))) {
            conditions.add("Action");
        }
        return conditions;
    }

    private String first(String field) {
        return fields.getOrDefault(field, List.of("")).get(0);
    }

    private List<String> all(String... names) {
        Set<String> values = new LinkedHashSet<>();
        for (String name : names) {
            values.addAll(fields.getOrDefault(name, List.of()));
        }
        return List.copyOf(values);
    }

    private String expanded(String path) {
        return VARIABLE.matcher(path)
                .replaceAll(variable -> Matcher.quoteReplacement(
                        environment.apply(variable.group(1)).orElse(variable.group())));
    }
}
