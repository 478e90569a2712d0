package io.github.wslproxy.os;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Commands of this program as they are printed to be copied. Safe for any thread.
 *
 * @param config what each command names with {@code --config}; empty for the default configuration
 */
public record OwnCommand(Optional<Path> config) {
    /** Commands that are about the default configuration. */
    public static final OwnCommand OF_DEFAULT = new OwnCommand(Optional.empty());

    public static OwnCommand naming(Path config) {
        return new OwnCommand(Optional.of(config));
    }

    /** {@code --config FILE}; empty for the default configuration. */
    public Optional<String> option() {
        return config.map(file -> "--config " + ShellWord.of(file.toString()));
    }

    /**
     * {@code wslproxy doctor vite --config FILE}.
     *
     * @param command its name and options; empty for the command that runs the proxy
     * @param names names from outside, each of which becomes one word
     */
    public String line(String command, String... names) {
        Stream<String> words = Stream.of(
                        Stream.of("wslproxy", command).filter(word -> !word.isEmpty()),
                        Arrays.stream(names).map(ShellWord::of),
                        option().stream())
                .flatMap(each -> each);
        return words.collect(Collectors.joining(" "));
    }
}
