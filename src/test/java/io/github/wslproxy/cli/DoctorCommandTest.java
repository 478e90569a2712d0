package io.github.wslproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.LoopbackVm;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@ExtendWith(LoopbackVm.class)
class DoctorCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path config;

    @BeforeEach
    void write() throws Exception {
        config = folder.resolve("proxy.toml");
        Files.writeString(config, """
                [wsl]
                command = ["echo", "127.0.0.1"]
                [status]
                listen = "off"
                [[forward]]
                name = "web"
                listen = "127.0.0.1:18080"
                target = "wsl:1"
                [[forward]]
                name = "dns"
                protocol = "udp"
                listen = "127.0.0.1:18053"
                """);
    }

    @Test
    void aBrokenLinkIsStatusOneAndIsNamedLast() {
        assertThat(run("doctor", "web")).isEqualTo(1);
        assertThat(out.toString())
                .contains("First broken link: forward \"web\", target")
                .doesNotContain("dns");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void anInvalidConfigurationIsABrokenLinkToo() throws Exception {
        Files.writeString(config, "[[forward]]\nport = 0\n");

        assertThat(run("doctor")).isEqualTo(1);
        assertThat(out.toString()).contains("First broken link: configuration");
    }

    @Test
    void wrongUsageIsStatusTwo() {
        assertThat(run("doctor", "wbe")).isEqualTo(2);
        assertThat(err.toString()).contains("no forward is called \"wbe\" (expected one of: web, dns)");
        assertThat(run("doctor", "--json", "--from-phone")).isEqualTo(2);
        assertThat(run("doctor", "--from-phone")).isEqualTo(2);
        assertThat(err.toString()).contains("--from-phone needs the name of a forward (expected one of: web, dns)");
        assertThat(run("doctor", "wbe", "--from-phone")).isEqualTo(2);
        assertThat(run("doctor", "--for", "soon")).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void noPhoneIsWaitedForWhereNoneCanCome() {
        assertThat(run("doctor", "web", "--from-phone")).isEqualTo(1);
        assertThat(out.toString()).startsWith("No device can connect yet: ").contains("First broken link");
    }

    @Test
    void theDocumentIsAllThatIsPrinted() {
        assertThat(run("doctor", "--json")).isEqualTo(1);
        assertThat(out.toString()).startsWith("{").contains("\"id\": \"target\"");
    }

    @Test
    void theHelpShowsAnExample() {
        assertThat(run("doctor", "--help")).isZero();
        assertThat(out.toString()).contains("Example: wslproxy doctor vite").contains("default: 60s");
    }

    private int run(String... arguments) {
        CommandLine line = Commands.line(new WslProxyCommand(), CommandLine.defaultFactory())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--config";
        all[arguments.length + 1] = config.toString();
        return line.execute(all);
    }
}
