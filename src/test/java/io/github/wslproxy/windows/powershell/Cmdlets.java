package io.github.wslproxy.windows.powershell;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.github.wslproxy.windows.powershell.CommandReader.Command;
import io.github.wslproxy.windows.powershell.CommandReader.Element;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What Windows takes, from Server 2016 to Server 2025, by its documentation: {@code cmdlets.json} names the pages. */
final class Cmdlets {
    /** What every Windows that the program supports has. */
    static final int EVERY_WINDOWS = 2016;

    /** What a Windows with the Hyper-V firewall has, in the pages of Server 2022. */
    static final int WITH_HYPER_V_FIREWALL = 2022;

    private static final List<Integer> YEARS = List.of(2016, 2019, 2022, 2025);

    /** The programs of Windows and our own, which take any word. */
    private static final Set<String> PROGRAMS = Set.of("cmd", "netsh", "taskkill", "wsl", "wslproxy");

    /** Flags: "separate multiple entries with a comma" (New-NetFirewallRule, -Profile). */
    private static final Set<String> FLAGS = Set.of("Profile", "Profiles");

    private final Map<String, JsonObject> cmdlets = new HashMap<>();
    private final JsonObject common = JsonParser.parseString("{\"ErrorAction\": {\"type\": \"ActionPreference\","
                    + " \"values\": [\"Continue\", \"Ignore\", \"Inquire\", \"SilentlyContinue\", \"Stop\"],"
                    + " \"in\": [2016, 2019, 2022, 2025]}}")
            .getAsJsonObject();

    private Cmdlets(JsonObject document) {
        document.getAsJsonObject("cmdlets")
                .entrySet()
                .forEach(entry -> cmdlets.put(entry.getKey(), entry.getValue().getAsJsonObject()));
    }

    static Cmdlets documented() throws IOException {
        String document = Files.readString(Path.of("src/test/resources/powershell/cmdlets.json"));
        return new Cmdlets(JsonParser.parseString(document).getAsJsonObject());
    }

    Set<String> names() {
        return cmdlets.keySet();
    }

    /** What a Windows of that year, or a later one, would not take of a script; empty if it takes it all. */
    List<String> problems(String script, int windows) {
        List<String> problems = new ArrayList<>();
        CommandReader.read(script).forEach(command -> problems(command, windows).stream()
                .map(problem -> command.name() + ": " + problem)
                .forEach(problems::add));
        return problems;
    }

    private List<String> problems(Command command, int windows) {
        if (PROGRAMS.contains(command.name())) {
            return List.of();
        }
        JsonObject cmdlet = cmdlets.get(command.name());
        if (cmdlet == null) {
            return List.of("no such cmdlet");
        }
        int since = command.guards().stream().anyMatch(asked -> noun(asked).equals(noun(command.name())))
                ? WITH_HYPER_V_FIREWALL
                : windows;
        return new Binding(cmdlet, since).problems(command.elements());
    }

    /** Which argument is for which parameter of one command. */
    private final class Binding {
        private final JsonObject cmdlet;
        private final int since;
        private final Deque<String> positions = new ArrayDeque<>();
        private final List<String> problems = new ArrayList<>();
        private Optional<String> open = Optional.empty();

        Binding(JsonObject cmdlet, int since) {
            this.cmdlet = cmdlet;
            this.since = since;
            positions.addAll(words(cmdlet, "positions"));
        }

        List<String> problems(List<Element> elements) {
            for (Element element : elements) {
                if (element instanceof Element.Parameter parameter) {
                    begin(parameter.name());
                } else if (element instanceof Element.Argument argument) {
                    bind(argument);
                }
            }
            close();
            return problems;
        }

        private void begin(String name) {
            close();
            Optional<JsonObject> known = find(cmdlet, name, since);
            if (known.isEmpty()) {
                problems.add("no parameter -" + name + " since " + since);
            }
            open = known.filter(its -> type(its).equals("SwitchParameter")).isPresent()
                    ? Optional.empty()
                    : Optional.of(name);
        }

        private void bind(Element.Argument argument) {
            if (argument.block() && open.isEmpty()) {
                return; // A script block goes to the parameter that takes one.
            }
            Optional<String> name = open.or(() -> Optional.ofNullable(positions.poll()));
            if (name.isEmpty()) {
                problems.add("an argument for no parameter");
            }
            name.flatMap(its -> find(cmdlet, its, since))
                    .ifPresent(its -> problems.addAll(Cmdlets.problems(name.orElseThrow(), its, argument)));
            open = Optional.empty();
        }

        private void close() {
            open.filter(name -> find(cmdlet, name, since).isPresent())
                    .ifPresent(name -> problems.add("-" + name + " has no argument"));
        }
    }

    private static String noun(String command) {
        return command.substring(command.indexOf('-') + 1);
    }

    private Optional<JsonObject> find(JsonObject cmdlet, String name, int since) {
        List<JsonObject> places = List.of(cmdlet.getAsJsonObject("parameters"), common);
        return places.stream()
                .flatMap(place -> place.entrySet().stream())
                .filter(entry -> isCalled(entry, name))
                .map(entry -> entry.getValue().getAsJsonObject())
                .filter(its -> YEARS.stream().filter(year -> year >= since).allMatch(year -> its.getAsJsonArray("in")
                        .contains(new JsonPrimitive(year))))
                .findFirst();
    }

    private static boolean isCalled(Map.Entry<String, JsonElement> entry, String name) {
        return entry.getKey().equalsIgnoreCase(name)
                || words(entry.getValue().getAsJsonObject(), "aliases").stream().anyMatch(name::equalsIgnoreCase);
    }

    private static List<String> problems(String name, JsonObject parameter, Element.Argument argument) {
        String type = type(parameter);
        List<String> problems = new ArrayList<>();
        if (argument.values().size() > 1 && !type.endsWith("[]") && !type.equals("Object") && !FLAGS.contains(type)) {
            problems.add("-" + name + " takes one " + type);
        }
        argument.values().stream()
                .flatMap(Optional::stream)
                .filter(value -> !accepts(parameter, value))
                .forEach(value -> problems.add("-" + name + " does not take " + value));
        return problems;
    }

    private static boolean accepts(JsonObject parameter, String literal) {
        if (parameter.has("values")) {
            return words(parameter, "values").contains(literal);
        }
        String type = type(parameter).replace("[]", "");
        return type.equals("Int32")
                ? literal.matches("\\d+")
                : Set.of("String", "Object").contains(type);
    }

    private static String type(JsonObject parameter) {
        return parameter.get("type").getAsString();
    }

    private static List<String> words(JsonObject parameter, String key) {
        return parameter.has(key)
                ? parameter.getAsJsonArray(key).asList().stream()
                        .map(JsonElement::getAsString)
                        .toList()
                : List.of();
    }
}
