package io.github.wslproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoopCheckTest {
    private final FakeComputer computer = FakeComputer.windows();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.9.9.9",
                "[::1]",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "localhost",
                "localhost.",
                "LOCALHOST",
                "LocalHost.",
                "192.168.1.10",
                "[fd00::10]",
                "[::ffff:192.168.1.10]",
                "desk",
                "DESK.",
                "desk.example.org",
            })
    void listenerOnEveryAddressIsReachedInEverySpelling(String host) {
        assertLoops("port = 5173", host + ":5173");
        assertLoops("listen = \"[::]:5173\"", host + ":5173");
        assertLoops("listen = [\"0.0.0.0:5173\", \"[::]:5173\"]", host + ":5173");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:80, 127.0.0.1:80",
        "127.0.0.1:80, [::ffff:127.0.0.1]:80",
        "[::ffff:127.0.0.1]:80, 127.0.0.1:80",
        "localhost:80, 127.0.0.1:80",
        "desk:80, 192.168.1.10:80",
        "desk.example.org:80, 192.168.1.10:80",
        "0.0.0.0:80, 127.0.0.2:80",
        "[fe80::1%1]:80, [fe80::1%1]:80",
        "0.0.0.0:80-90, 127.0.0.1:80-90",
    })
    void listenerOnOneAddressIsReached(String listen, String target) {
        assertLoops("listen = \"" + listen + "\"", target);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:80, 127.0.0.2:80",
        "127.0.0.1:80, 127.0.0.1:81",
        "127.0.0.1:80, [::1]:80",
        "0.0.0.0:80, [::1]:80",
        "192.168.1.10:80, 127.0.0.1:80",
        "0.0.0.0:80, 192.168.1.11:80",
        "[::]:80, db.example.org:80",
        "0.0.0.0:80, unknown.example.org:80",
        "[fe80::1%1]:80, [fe80::1%2]:80",
        "0.0.0.0:80-90, 127.0.0.1:81-91",
        "0.0.0.0:80, wsl:80",
        "wsl:80, 127.0.0.1:80",
        "wsl:80, localhost:80",
        "wsl:80, desk:80",
        "wsl:80, wsl:80",
        "localhost:80, [::1]:80",
        "127.0.0.1:80, localhost:80",
        "[::1]:80, localhost.:80",
        "wsl:80-90, 127.0.0.1:80-90",
    })
    void targetElsewhereIsNoLoop(String listen, String target) throws ConfigException {
        assertThat(ConfigText.parse("[[forward]]\nlisten = \"" + listen + "\"\ntarget = \"" + target + "\"\n", computer)
                        .forwards())
                .hasSize(1);
    }

    /** Java prefers IPv4 for a name in listen, and a target is each of its addresses. */
    @Test
    void localhostIsALoopOnlyWhereBothOfItsAddressesAreTaken() throws ConfigException {
        assertLoops("listen = [\"127.0.0.1:80\", \"[::1]:80\"]", "localhost:80");
        assertLoops("listen = [\"localhost:80\", \"[::1]:80\"]", "localhost:80");
        assertThat(ConfigText.parse("[[forward]]\nlisten = \"0.0.0.0:80\"\ntarget = \"localhost:80\"\n", computer)
                        .forwards())
                .hasSize(1);
    }

    @Test
    void chainThatEndsInWslIsLegal() throws ConfigException {
        String text = """
                [[forward]]
                port = 8000
                target = "localhost:8001"
                [[forward]]
                port = 8001
                target = "localhost:8002"
                [[forward]]
                port = 8002
                """;

        assertThat(ConfigText.parse(text, computer).forwards()).hasSize(3);
    }

    @Test
    void protocolsAreFollowedApart() throws ConfigException {
        String text = """
                [[forward]]
                port = 8000
                target = "localhost:8001"
                [[forward]]
                protocol = "udp"
                port = 8001
                target = "localhost:8000"
                """;

        assertThat(ConfigText.parse(text, computer).forwards()).hasSize(2);
    }

    @Test
    void everyLoopOfTheFileIsNamedOnce() {
        String text = """
                [[forward]]
                name = "a"
                port = 1001
                target = "localhost:1002"
                [[forward]]
                name = "b"
                port = 1002
                target = "localhost:1003"
                [[forward]]
                name = "c"
                port = 1003
                target = "desk:1001"
                [[forward]]
                name = "into the loop"
                port = 1004
                target = "localhost:1001"
                [[forward]]
                name = "d"
                protocol = "tcp+udp"
                port = 1005
                target = "[::1]:1005"
                """;

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigText.parse(text, computer))
                .withMessage("""
                        t:12:1: forward "c": target desk:1001 loops: "c" -> "a" -> "b" -> "c" (expected a target that does not lead back)
                        t:21:1: forward "d": target [::1]:1005 loops: "d" -> "d" (expected a target that does not lead back)""");
    }

    @Test
    void longShiftedRangeIsFollowedToItsEnd() throws ConfigException {
        String text =
                "status.listen = \"off\"\n[[forward]]\nlisten = \"0.0.0.0:1-16384\"\ntarget = \"127.0.0.1:2-16385\"\n";

        assertThat(ConfigText.parse(text, computer).forwards()).hasSize(1);
    }

    @Test
    void onlyNamesWhosePortsMeetAreLookedUp() throws ConfigException {
        ConfigText.parse("[[forward]]\nport = 80\ntarget = \"db.example.org:81\"\n", computer);
        assertThat(computer.asked).isEmpty();

        ConfigText.parse("[[forward]]\nport = 80\ntarget = \"DB.example.org.:80\"\n", computer);
        assertThat(computer.asked).containsExactly("db.example.org");
    }

    private void assertLoops(String listen, String target) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigText.parse(
                        "[[forward]]\nname = \"x\"\n" + listen + "\ntarget = \"" + target + "\"\n", computer))
                .satisfies(refused -> assertThat(refused.problems())
                        .singleElement()
                        .satisfies(problem -> assertThat(problem.line()).isEqualTo(4))
                        .satisfies(problem -> assertThat(problem.message()).endsWith(" loops: \"x\" -> \"x\"")));
    }
}
