package io.github.wslproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each file of {@code config/broken} begins with the problems that are to be found in it, one comment line each. */
class BrokenFilesTest {
    private static final Path FOLDER = Path.of("src/test/resources/config/broken");
    private static final String EXPECTED = "#! ";

    static Stream<String> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).sorted().toList();
            assertThat(names).hasSizeGreaterThan(40);
            return names.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyProblemIsFoundAtItsPlace(String name) throws IOException {
        byte[] bytes = Files.readAllBytes(FOLDER.resolve(name));
        List<String> expected = Files.readAllLines(FOLDER.resolve(name)).stream()
                .filter(line -> line.startsWith(EXPECTED))
                .map(line -> name + ":" + line.substring(EXPECTED.length()))
                .toList();

        ConfigException refused = catchThrowableOfType(
                ConfigException.class, () -> ConfigFile.parse(name, bytes, FakeComputer.windows()));

        assertThat(expected).isNotEmpty();
        assertThat(refused.problems()).map(Problem::toString).containsExactlyElementsOf(expected);
        assertThat(refused).hasMessage(String.join("\n", expected));
    }
}
