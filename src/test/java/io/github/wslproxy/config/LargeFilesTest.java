package io.github.wslproxy.config;

import static io.github.wslproxy.config.ConfigText.assertProblem;
import static io.github.wslproxy.config.ConfigText.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wslproxy.forward.Forward;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Files that are read in pieces, and those that are too large to be read. */
class LargeFilesTest {
    @Test
    void everyForwardOfALargeFileIsReadInItsOrder() throws ConfigException {
        Settings settings = parse("[status]\nlisten = 'off'\n" + forwards(2000) + "[log]\nlevel = 'warn'\n");

        assertThat(settings.forwards()).hasSize(2000);
        assertThat(settings.forwards())
                .map(Forward::name)
                .startsWith("service number 0")
                .endsWith("service number 1999");
        assertThat(settings.log().level().toString()).isEqualTo("WARN");
    }

    @Test
    void placesAreThoseOfTheFileThoughItIsReadInPieces() {
        String text = forwards(1000) + """
                [[forward]]
                name = "broken"
                port = 70000
                [[forward]]
                port = 1
                deny = [
                  "nobody",
                ]
                [[forward]]
                port = = 3
                """;

        assertProblem(
                text,
                "t:5003:1: forward \"broken\": port 70000 (expected 1 to 65535)",
                "t:5007:3: forward 1002: deny \"nobody\" is neither an address nor a block",
                "t:5010:8: Unexpected '='");
    }

    @Test
    void aTableThatIsThereTwiceIsFoundInDifferentPieces() {
        assertProblem(
                "[wsl]\n" + forwards(1000) + "[wsl]\ninterval = \"5s\"\n",
                "t:5002:1: wsl previously defined at line 1, column 1 (expected it once)");
        assertProblem(
                forwards(1000) + "[wsl]\n[wsl]\n",
                "t:5002:1: wsl previously defined at line 5001, column 1 (expected it once)");
    }

    @Test
    void aHeaderInATextOfSeveralLinesIsNoHeader() throws ConfigException {
        String quoted = "\n[[forward]]\n# \"\"\" \\\"\"\" '''\n".repeat(1000);
        Settings settings =
                parse("[wsl]\ncommand = [\"sh\", \"-c\", '''" + quoted.replace("'''", "''") + "''']\n" + forwards(3));

        assertThat(settings.forwards()).hasSize(3);
        assertThat(settings.wsl().command().get(2)).hasSizeGreaterThan(20_000);
    }

    @Test
    void mistakesBeyondThoseShownAreCountedOnly() {
        String text = forwards(20).replace("name =", "colour =").repeat(190);

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> parse(text))
                .satisfies(refused -> assertThat(refused.problems()).hasSizeLessThan(120))
                .withMessageContaining(" more problems from here");
    }

    @Test
    void whatIsTooLargeIsRefusedByTheNameOfItsLimit() {
        String table = " is too large (expected at most 64 KiB and 4096 lines from one table to the next)";

        assertProblem(
                forwards(10) + "[log]\nfile = \"" + "a".repeat(70_000) + "\"\n", "t:51:1: what begins here" + table);
        assertProblem("[log]\n" + "\n".repeat(5000), "t:1:1: what begins here" + table);
        assertProblem("{ \"a\": 1,\n".repeat(50_000), "t:1:1: what begins here" + table);
        assertProblem(
                "[[forward]]\nport = 1\n".repeat(5000),
                "t:8193:1: there are more than 4096 [[forward]] (expected at most 4096; a range such as");
        assertProblem(
                ("[[forward]]\nlisten = [" + "\"127.0.0.1:1\",".repeat(1000) + "]\n").repeat(5),
                "t:10:13997: forward \"tcp-1\": with it the file has 5000 listen entries in its [[forward]]"
                        + " (expected at most 4096 in all of them)");
        assertProblem(
                ("[[forward]]\nport = 1\nallow = [" + "\"10.0.0.1\",".repeat(1000) + "]\ndeny = ["
                                + IntStream.range(0, 1000)
                                        .mapToObj(i -> "\"10.1." + i / 256 + "." + i % 256 + "\"")
                                        .collect(Collectors.joining(","))
                                + "]\n")
                        .repeat(17),
                "t:65:1: forward \"tcp-1\": with it the file has 17017 entries of allow and deny in its [[forward]]"
                        + " (expected at most 16384 in all of them)");
    }

    private static String forwards(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "[[forward]]\nname = \"service number " + i + "\"\nlisten = \"127.0.0.1:" + (10_000 + i)
                        + "\"\ntarget = \"wsl:" + (20_000 + i) + "\"\n\n")
                .collect(Collectors.joining());
    }

    @Test
    void theAddressesOfThisComputerAreAskedForAFewTimesHoweverManyForwardsThereAre() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int port = 10_000; port < 11_000; port++) {
            text.append("[[forward]]\nprotocol = \"udp\"\nport = ").append(port).append('\n');
        }
        FakeComputer computer = FakeComputer.windows();

        parse(text.toString(), computer);
        assertThat(computer.addressesAsked).isBetween(1, 2);
    }
}
