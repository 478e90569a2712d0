package io.github.wslproxy.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.os.SafeText;
import io.github.wslproxy.testing.Fuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever the bytes are, the answer is settings or a list of problems. */
@Tag("slow")
public class ConfigFileFuzzTest {
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
            [auto]
            ports = ["3000-3999", 5173]
            deny = ["3306", "10.0.0.0/8"]
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

    @Test
    void whateverIsInTheFileItIsSettingsOrProblemsWithTheirPlaces() throws IOException {
        Fuzz.from(
                        Files.readAllBytes(Path.of("conf/proxy.toml")),
                        VALID,
                        "[[forward]]\nport = 80\n",
                        "a = [[[[[[1]]]]]]\n[[forward]]\nport = {x.y = 1}\n",
                        "[wsl]\naddress = \"172.30.98.229\"\n[[forward]]\nport = 22\nlisten = '[::]:22'\n")
                .with(SNIPPETS.toArray(String[]::new))
                .with(
                        "[wsl]\n",
                        "[log]\nfile = '",
                        "{a=",
                        "[[",
                        "\\U0010FFFF",
                        "\\ud800",
                        "\u0085",
                        "\u2028",
                        "tcp+udp",
                        "wsl:")
                .feed(ConfigFileFuzzTest::check);
    }

    /** A fuzzer that is guided by coverage calls this. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        check(input);
    }

    private static void check(byte[] bytes) throws IOException {
        try {
            Settings settings = ConfigFile.parse("t", bytes, FakeComputer.windows());
            checkSettings(settings, new String(bytes, UTF_8));
        } catch (ConfigException refused) {
            checkProblems(refused.problems(), new String(bytes, UTF_8));
        }
    }

    /** Neither other line ends nor a remark at the end make a file another one. */
    private static void checkSettings(Settings settings, String text) {
        List<Forward> forwards = settings.forwards();
        check(!settings.possible().isEmpty(), "nothing to forward");
        check(forwards.stream().map(Forward::name).distinct().count() == forwards.size(), "a name twice");
        check(
                settings.status()
                        .listen()
                        .map(place -> place.getAddress().isLoopbackAddress())
                        .orElse(true),
                "status");
        boolean severalLines = text.contains("\"\"\"") || text.contains("'''");
        try {
            String others = severalLines || text.contains("\r") ? text : text.replace("\n", "\r\n");
            Settings again = ConfigFile.parse("t", (others + "\n# end").getBytes(UTF_8), FakeComputer.windows());
            check(again.equals(settings), "with other line ends it is " + again);
        } catch (ConfigException refused) {
            throw new AssertionError("not valid with other line ends", refused);
        }
    }

    private static void checkProblems(List<Problem> problems, String text) {
        check(!problems.isEmpty() && problems.size() <= 101, problems.size() + " problems");
        String[] lines = (text.startsWith("\uFEFF") ? text.substring(1) : text).split("\n", -1);
        for (Problem problem : problems) {
            check(problem.line() >= 1 && problem.line() <= lines.length, "no such line: " + problem);
            String line = lines[problem.line() - 1];
            int length = Math.max(line.codePointCount(0, line.length()), 0);
            check(problem.column() >= 1 && problem.column() <= length + 1, "no such column: " + problem);
            String said = problem.toString();
            check(!problem.message().isBlank() && said.length() < 8100, "nothing, or too much: " + said);
            check(said.codePoints().noneMatch(SafeText::isUnprintable), "not fit for a terminal: " + said);
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
