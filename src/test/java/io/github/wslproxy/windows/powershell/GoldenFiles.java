package io.github.wslproxy.windows.powershell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files with every kind of line for PowerShell that the program prints or runs. */
public final class GoldenFiles {
    private static final Path FOLDER = Path.of("src/test/resources/powershell");
    private static final Path STATE = Path.of("src/main/resources/io/github/wslproxy/windows/powershell/state.ps1");

    /** What a person is to run after having thought about it stands behind a sign and three blanks. */
    private static final Pattern LEFT_TO_THE_PERSON = Pattern.compile("^#   (?=\\S)", Pattern.MULTILINE);

    private GoldenFiles() {}

    /** All of them, among them the script by which the program reads the firewall, which is a file itself. */
    static List<Path> all() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return Stream.concat(
                            files.filter(file -> file.toString().endsWith(".ps1"))
                                    .sorted(),
                            Stream.of(STATE))
                    .toList();
        }
    }

    /** The text of one, with line ends of one character. */
    public static String text(String name) throws IOException {
        return text(FOLDER.resolve(name));
    }

    static String text(Path file) throws IOException {
        return Files.readString(file).replace("\r\n", "\n");
    }

    /** The text of one, in which the commands that are left to the person are commands. */
    static String allCommands(Path file) throws IOException {
        return LEFT_TO_THE_PERSON.matcher(text(file)).replaceAll("");
    }
}
