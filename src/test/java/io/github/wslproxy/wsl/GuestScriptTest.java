package io.github.wslproxy.wsl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.ProcessRunner;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script itself, run by the shell of this computer with only the programs that a distribution has. */
class GuestScriptTest {
    private static final String REFUSING = "#!/bin/sh\necho hostname: unrecognized option: I >&2\nexit 1\n";

    @TempDir
    private Path programs;

    @BeforeEach
    void linuxIsNeeded() {
        assumeTrue(Files.exists(Path.of("/proc/net/fib_trie")), "the script reads Linux' /proc/net/fib_trie");
        assumeTrue(Files.notExists(Path.of("/bin/wslinfo")), "the networking mode of this computer would be printed");
    }

    @Test
    void asksHostname() throws Exception {
        program("hostname", "#!/bin/sh\ntest $1 = -I && echo '172.30.98.229 '\n");

        assertThat(run()).isEqualTo("nat\n--addresses--\n172.30.98.229 \n");
    }

    @Test
    void asksIpWhereHostnameKnowsNoOption() throws Exception {
        program("hostname", REFUSING);
        program("ip", "#!/bin/sh\necho \"2: eth0 inet 172.30.98.229/20 brd 172.30.111.255 $*\"\n");

        assertThat(run()).endsWith("inet 172.30.98.229/20 brd 172.30.111.255 -4 -o addr show scope global\n");
    }

    @Test
    void readsTheRoutingTrieWhereThereIsNeither() throws Exception {
        program("grep", "#!/bin/sh\nexec /bin/grep \"$@\"\n");

        assertThat(AddressOutput.addresses(run())).contains(Samples.address("127.0.0.1"));
    }

    @Test
    void readsTheWholeRoutingTrieWhereThereIsNoGrepEither() throws Exception {
        program("hostname", REFUSING);
        program("cat", "#!/bin/sh\nexec /bin/cat \"$@\"\n");

        assertThat(run()).contains("Local:");
    }

    @Test
    void whoListensIsReadInTheSameCall() throws Exception {
        program("hostname", "#!/bin/sh\ntest $1 = -I && echo '172.30.98.229 '\n");
        program("grep", "#!/bin/sh\nexec /bin/grep \"$@\"\n");
        try (ServerSocket listening = new ServerSocket(0, 1, Samples.address("127.0.0.1"))) {
            GuestScript script = new GuestScript(run(true));

            assertThat(script.report(() -> Samples.NAT, Optional.empty()).summary())
                    .startsWith("WSL is at 172.30.98.229");
            assertThat(script.sockets().orElseThrow())
                    .extracting(GuestSocket::where)
                    .contains("127.0.0.1:" + listening.getLocalPort());
            assertThat(script.isHeldByAnother()).isFalse();
        }
    }

    @Test
    void withoutGrepNobodyKnowsWhoListens() throws Exception {
        program("hostname", "#!/bin/sh\ntest $1 = -I && echo '172.30.98.229 '\n");

        GuestScript script = new GuestScript(run(true));

        assertThat(script.report(() -> Samples.NAT, Optional.empty()).summary()).startsWith("WSL is at 172.30.98.229");
        assertThat(script.sockets()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'343\nRelay(343)\nRelay(77)\n', true",
        "'343\nRelay(77)\nRelay(343)\n', true",
        "'343\nRelay(343)\n', false",
        "'343\nRelay(77)\n', false",
        "'343\nRelay\nRelay(343)\n', false",
        "'343\n', false",
        "'\nRelay(343)\nRelay(77)\n', false",
        "'', false"
    })
    void anotherCommandOfWindowsHoldsTheDistribution(String sessions, boolean held) {
        String output =
                "nat\n--addresses--\n172.30.98.229\n--sockets--\n--proc--\n--sessions-- " + sessions.translateEscapes();

        assertThat(new GuestScript(output).isHeldByAnother()).isEqualTo(held);
    }

    private void program(String name, String script) throws Exception {
        Path file = Files.writeString(programs.resolve(name), script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String run() {
        return run(false);
    }

    private String run(boolean withSockets) {
        List<String> command =
                List.of("/usr/bin/env", "PATH=" + programs, "/bin/sh", "-c", GuestScript.text(withSockets));
        CommandResult result = new ProcessRunner(Optional.empty(), 1 << 20).run(command, Duration.ofSeconds(30));
        assertThat(result).isInstanceOf(CommandResult.Ended.class);
        return ((CommandResult.Ended) result).output();
    }
}
