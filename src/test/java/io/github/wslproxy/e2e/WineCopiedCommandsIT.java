package io.github.wslproxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.os.ShellWord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Words of commands to copy, as cmd.exe gives them by a .cmd file such as wslproxy.cmd to Java. */
@ExtendWith(OnWine.class)
@Timeout(180)
class WineCopiedCommandsIT {
    /** ASCII, as a file that cmd reads is in the code page of its console. */
    private static final String ALPHABET = "ab1_./:+-\\,;=@#~'\"[]{}&()$`!%^|<>*? ";

    private static final int WORDS = 120;

    private final Wine windows;

    WineCopiedCommandsIT(WineNetwork network) throws Exception {
        this.windows = network.windows();
        assertThat(network.java(ShowArguments.class)).isNotEmpty(); // Copies the class.
        Path folder = Files.createDirectories(windows.file("C:\\copied"));
        String command = "\"" + windows.java() + "\" -cp " + WineNetwork.CLASSES + " " + ShowArguments.class.getName();
        Files.writeString(folder.resolve("show.cmd"), "@echo off\r\n" + command + " %*\r\n");
    }

    @Test
    void cmdTakesAQuotedWordForThatWord() throws Exception {
        List<String> words = words();

        assertThat(shown(words.stream().map(ShellWord::of).toList())).containsExactlyElementsOf(words);
    }

    /** PowerShell takes the quotes away where there is no blank, and cmd gets what is left. */
    @Test
    void cmdTakesWhatPowerShellHandsOverForThatWord() throws Exception {
        List<String> words =
                words().stream().filter(word -> !word.contains(" ")).toList();

        assertThat(shown(words)).containsExactlyElementsOf(words);
    }

    private List<String> shown(List<String> typed) throws Exception {
        Path file = windows.file("C:\\copied\\typed.cmd");
        Files.writeString(
                file,
                "@echo off\r\nC:\\copied\\show.cmd " + String.join(" ", typed) + "\r\n",
                StandardCharsets.US_ASCII);
        return windows.run("cmd.exe", "/c", "C:\\copied\\typed.cmd")
                .orFail()
                .out()
                .lines()
                .toList();
    }

    private static List<String> words() {
        Random random = new Random(14);
        return Stream.concat(
                        Stream.of("vite", "C:\\a b\\c", "O'Brien", "@x", "~x", "a (b) & c", "a,b", "a;b", "a=b"),
                        IntStream.range(0, 20_000).mapToObj(i -> word(random)))
                .filter(word -> !ShellWord.of(word).equals(ShellWord.PLACEHOLDER))
                .distinct()
                .limit(WORDS)
                .toList();
    }

    private static String word(Random random) {
        return random.ints(1 + random.nextInt(8), 0, ALPHABET.length())
                .mapToObj(i -> ALPHABET.substring(i, i + 1))
                .collect(Collectors.joining());
    }
}
