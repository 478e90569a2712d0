package io.github.wslproxy.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;

/** Text of a proxy.toml, read on a {@link FakeComputer}, and what is to come of it. */
final class ConfigText {
    /** The shortest file there is. */
    static final String ONE = "[[forward]]\nport = 5173\n";

    private ConfigText() {}

    static void assertReadFails(Path file, String problem) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigFile.read(file))
                .withMessageStartingWith(file + problem)
                .satisfies(refused -> assertThat(refused.problems()).hasSize(1));
    }

    static void assertProblem(String text, String... starts) {
        assertRefused(text.getBytes(UTF_8), FakeComputer.windows(), starts);
    }

    static void assertProblem(byte[] bytes, String... starts) {
        assertRefused(bytes, FakeComputer.windows(), starts);
    }

    static void assertProblem(String text, LocalComputer computer, String start) {
        assertRefused(text.getBytes(UTF_8), computer, start);
    }

    static void assertRefused(byte[] bytes, LocalComputer computer, String... starts) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigFile.parse("t", bytes, computer))
                .satisfies(refused -> {
                    assertThat(refused.problems()).hasSize(starts.length);
                    for (int i = 0; i < starts.length; i++) {
                        assertThat(refused.problems().get(i).toString()).startsWith(starts[i]);
                    }
                });
    }

    static Settings parse(String text) throws ConfigException {
        return parse(text, FakeComputer.windows());
    }

    static Settings parse(String text, LocalComputer computer) throws ConfigException {
        return ConfigFile.parse("t", text.getBytes(UTF_8), computer);
    }
}
