package io.github.wslproxy.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Access.ListOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** conf/proxy.toml is the manual of its settings: what it shows must work, and be the default where it says so. */
class ManualTest {
    private static final Path MANUAL = Path.of("conf/proxy.toml");
    private static final Pattern SWITCHED_OFF = Pattern.compile("#(\\w+ = .*)");
    private static final String FORWARD = "#[[forward]]";

    private final List<String> lines = Files.readAllLines(MANUAL);

    ManualTest() throws IOException {}

    @Test
    void worksAsItStandsWithEitherKindOfLineEnd() throws ConfigException {
        Settings settings = parse(lines, "\n");

        assertThat(settings.forwards())
                .singleElement()
                .hasToString(parse(lines, "\r\n").forwards().get(0).toString());
        assertThat(settings.forwards().get(0).name()).isEqualTo("vite");
        assertThat(String.join("\n", lines)).matches("[\\n -~]*");
    }

    @Test
    void showsTheDefaults() throws ConfigException {
        // At most one of the first three may stand there; the default of the last is that of Windows.
        List<String> leftOut = List.of("#distribution", "#address", "#command", "#localhost");
        List<String> allShown = new ArrayList<>(lines);
        allShown.subList(allShown.indexOf("[[forward]]"), allShown.size()).clear();
        allShown.replaceAll(line -> leftOut.stream().anyMatch(line::startsWith)
                ? line
                : SWITCHED_OFF.matcher(line).replaceFirst("$1"));
        allShown.addAll(List.of("[[forward]]", "name = \"vite\"", "port = 5173"));

        // The place of a list is told by its own line.
        assertThat(parse(allShown, "\n"))
                .usingRecursiveComparison()
                .ignoringFieldsOfTypes(ListOrigin.class)
                .isEqualTo(parse(lines, "\n"));
    }

    @Test
    void everySettingWorksWhenItIsSwitchedOn() throws ConfigException {
        List<Integer> settings = IntStream.range(0, lines.indexOf(FORWARD))
                .filter(i -> SWITCHED_OFF.matcher(lines.get(i)).matches())
                .boxed()
                .toList();
        for (int i : settings) {
            List<String> edited = new ArrayList<>(lines);
            edited.set(i, lines.get(i).substring(1));
            parse(edited, "\n");
        }
    }

    @Test
    void everyForwardAndAutoWorkWhenTheyAreSwitchedOn() throws ConfigException {
        int first = lines.indexOf(FORWARD);
        List<String> edited = new ArrayList<>(lines);
        for (int i = first; i < edited.size(); i++) {
            edited.set(i, edited.get(i).replaceFirst("^#(?! )", ""));
        }

        Settings settings = parse(edited, "\n");
        assertThat(settings.forwards())
                .extracting(forward -> forward.name())
                .containsExactly("vite", "tcp-3000", "game", "passive ftp", "postgres", "printer");
        assertThat(settings.auto().orElseThrow().ports()).hasToString("[3000-3999, 5173, 8000-8999]");
        assertThat(settings.auto().orElseThrow().denied()).hasToString("[3306, 9229-9240]");
    }

    @Test
    void explainsEveryKeyOfTheContract() {
        String shown =
                lines.stream().map(line -> line.replaceFirst("^#", "")).collect(Collectors.joining("\n", "\n", "\n"));

        assertThat(Keys.WSL).filteredOn(key -> !key.equals("hold")).allSatisfy(key -> assertThat(shown)
                .contains("\n" + key + " = "));
        assertThat(Keys.FORWARD).allSatisfy(key -> assertThat(shown).contains("\n" + key + " = "));
        assertThat(Keys.AUTO).allSatisfy(key -> assertThat(shown).contains("\n" + key + " = "));
        assertThat(Keys.LIMITS).allSatisfy(key -> assertThat(shown).contains("\n" + key + " = "));
        assertThat(Keys.LOG).allSatisfy(key -> assertThat(shown).contains("\n" + key + " = "));
    }

    private static Settings parse(List<String> lines, String lineEnd) throws ConfigException {
        byte[] bytes = String.join(lineEnd, lines).getBytes(UTF_8);
        return ConfigFile.parse(MANUAL.toString(), bytes, FakeComputer.windows());
    }
}
