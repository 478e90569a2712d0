package io.github.wslproxy.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordTest {
    /** Every character that some shell obeys, beside some that none does. */
    private static final String ALPHABET =
            "ab1_./:+-\\\\,;=@#~'\"[]{}&()$`!%^|<>*? \t\n\r\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u2013\u02ba\u00a0\u00e9\u65e5";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"vite", "tcp-5173", "/home/me/proxy.toml", "a.b_c:d+e"})
    void aPlainWordStandsAsItIs(String word) {
        assertThat(ShellWord.of(word)).isEqualTo(word);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C:\\Users\\Jane Doe\\proxy.toml",
                "/home/Jane Doe/my-project/proxy.toml",
                "caf\u00e9-web",
                "/srv/My Pr\u00f6gs & co (2)/proxy.toml",
                "O'Brien",
                "@x",
                "~x",
                "a,b",
                "a;b",
                "caf\u00e9 \u2013 \u65e5\u672c\u8a9e",
                "\ud83d\ude80 web",
                " x "
            })
    void whatIsHarmlessInQuotesStandsInQuotes(String word) {
        assertThat(ShellWord.of(word)).isEqualTo('"' + word + '"');
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "$(touch /tmp/x)",
                "`id`",
                "a\"b",
                "%PATH%",
                "a!b",
                "--help",
                "-x",
                "\u2013help",
                "a\n$(id)",
                "a\tb",
                "x \\",
                "C:\\folder\\",
                "a\u201d; calc; \u201c",
                "a\u2018b",
                "a\u02bab",
                "a&calc",
                "a|calc b",
                "a^b c",
                "*",
                "a\\\\b",
                "a\u202eb"
            })
    void aWordThatSomeShellWouldTakeForMoreIsLeftOut(String word) {
        assertThat(ShellWord.of(word)).isEqualTo("...");
    }

    @Test
    void aFolderOfTheNetworkIsOneWordForTheShellsOfWindows() {
        assertThat(ShellWord.quoted("\\\\server\\home\\proxy.toml", true)).contains("\"\\\\server\\home\\proxy.toml\"");
        assertThat(ShellWord.quoted("\\\\server\\home\\proxy.toml", false)).isEmpty();
    }

    /** With history expansion, as a person has it who pastes into bash. */
    @ParameterizedTest
    @CsvSource({
        "sh,''",
        "dash,''",
        "bash,set -o history -o histexpand",
        "zsh,''",
        "ksh,''",
        "busybox sh,''",
    })
    void eachShellHereTakesAQuotedWordForThatWord(String shell, String before) throws Exception {
        List<String> command = List.of(shell.split(" "));
        assumeTrue(Programs.ofThisComputer().find(command.get(0)).isPresent(), shell + " is not installed");

        List<String> words = words();
        String script = before + "\nshow() { printf '%s:%s\\0' \"$#\" \"$1\"; }\n"
                + words.stream()
                        .map(word -> "show " + ShellWord.of(word) + "\n")
                        .collect(Collectors.joining());

        assertThat(run(command, script)).containsExactlyElementsOf(shown(words));
    }

    @Test
    void powerShellTakesAQuotedWordForThatWord() throws Exception {
        assumeTrue(Programs.ofThisComputer().find("pwsh").isPresent(), "there is no PowerShell here");

        List<String> words = words();
        String script = "function show { [Console]::Out.Write(\"$($args.Count):$($args[0])`0\") }\n"
                + words.stream()
                        .map(word -> "show " + ShellWord.of(word) + "\n")
                        .collect(Collectors.joining());

        assertThat(run(List.of("pwsh", "-NoProfile", "-Command", "-"), script)).containsExactlyElementsOf(shown(words));
    }

    private static List<String> shown(List<String> words) {
        return words.stream().map(word -> "1:" + word).toList();
    }

    /** The words that are printed, out of many random ones. */
    private static List<String> words() {
        Random random = new Random(13);
        List<String> words = Stream.concat(
                        Stream.of(
                                "vite",
                                "C:\\a b\\c",
                                "/srv/a (b) & c/p.toml",
                                "/srv/a -b/c-d.toml",
                                "O'Brien",
                                "@x",
                                "~x",
                                "#x",
                                "{a,b}",
                                "[a]"),
                        IntStream.range(0, 200_000).mapToObj(i -> word(random)))
                .filter(word -> !ShellWord.of(word).equals(ShellWord.PLACEHOLDER))
                .distinct()
                .toList();
        assertThat(words).hasSizeGreaterThan(1000);
        return words;
    }

    private static String word(Random random) {
        return random.ints(1 + random.nextInt(8), 0, ALPHABET.length())
                .mapToObj(i -> ALPHABET.substring(i, i + 1))
                .collect(Collectors.joining());
    }

    private List<String> run(List<String> shell, String script) throws IOException, InterruptedException {
        Path input = folder.resolve("script");
        Files.writeString(input, script);
        ProcessBuilder builder = new ProcessBuilder(shell);
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.directory(folder.toFile())
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return List.of(said.split("\0"));
    }
}
