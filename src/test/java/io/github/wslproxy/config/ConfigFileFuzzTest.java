package io.github.wslproxy.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Case;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.Size;

/** Whatever the bytes are, the answer is settings or a list of problems. */
@Case(38)
class ConfigFileFuzzTest {
    private static final String VALID = """
            [wsl]
            command = ["sh", "-c", "echo 10.0.0.2"]
            interval = "5s"
            [defaults]
            allow = ["private", "2001:db8::/32"]
            idle_timeout = "2h5m"
            max_sessions = 10
            [status]
            listen = "off"
            [[forward]]
            name = "vite \u00e9"
            port = 5173
            [[forward]]
            protocol = "tcp+udp"
            listen = ["0.0.0.0:8000-8010", "[::]:8000-8010"]
            target = "localhost:9000-9010"
            deny = []
            """;

    private static final List<String> SNIPPETS = List.of(
            "[",
            "]",
            "[[",
            "]]",
            "{",
            "}",
            "=",
            "\"",
            "'",
            "\"\"\"",
            ".",
            ",",
            "#",
            "\n",
            "\r",
            "\t",
            "0",
            "-1",
            "1e9",
            "inf",
            "true",
            "1979-05-27",
            "\\u0000",
            "\u0000",
            "\uFEFF",
            "\u202e",
            "\ud83d\ude00",
            "wsl",
            "[forward]",
            "[[forward]]",
            "port = 5173\n",
            "localhost",
            "::",
            "%",
            "/",
            "99999999999999999999",
            "forward.x = 1\n");

    @Property(tries = 300, seed = "20251122", shrinking = ShrinkingMode.OFF)
    void randomBytes(@ForAll @Size(max = 200) byte[] bytes) {
        check(bytes);
    }

    @Property(tries = 300, seed = "20251122", shrinking = ShrinkingMode.OFF)
    void randomWords(@ForAll("words") List<String> words) {
        check(String.join("", words).getBytes(UTF_8));
    }

    @Property(tries = 1000, seed = "20251122", shrinking = ShrinkingMode.OFF)
    void mutationsOfValidFile(@ForAll Random random) {
        StringBuilder text = new StringBuilder(VALID);
        for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
            int from = random.nextInt(text.length());
            int to = Math.min(text.length(), from + random.nextInt(8));
            text.replace(from, to, random.nextBoolean() ? SNIPPETS.get(random.nextInt(SNIPPETS.size())) : "");
        }
        check(text.toString().getBytes(UTF_8));
    }

    @Property(tries = 300, seed = "20251122", shrinking = ShrinkingMode.OFF)
    void flippedBytesOfTheManual(@ForAll Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(Path.of("conf/proxy.toml"));
        for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        check(bytes);
    }

    @Provide
    Arbitrary<List<String>> words() {
        return Arbitraries.of(SNIPPETS).list().ofMaxSize(40);
    }

    private static void check(byte[] bytes) {
        try {
            assertThat(ConfigFile.parse("t", bytes, PretendComputer.windows()).forwards())
                    .isNotEmpty();
        } catch (ConfigException refused) {
            assertThat(refused.problems()).isNotEmpty().allSatisfy(problem -> {
                assertThat(problem.line()).isPositive();
                assertThat(problem.column()).isPositive();
                assertThat(problem.message()).isNotBlank();
                assertThat(problem.toString()).doesNotContainPattern("\\p{Cntrl}");
            });
        }
    }
}
