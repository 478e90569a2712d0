package io.github.wslproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/**
 * Names, options and help texts of all commands, held in a file: a change of one is a change of what users rely on, and
 * is to be seen in a diff. {@code wslproxy help --all} prints the file anew.
 */
@Timeout(60)
class CommandHelpTest {
    @Test
    void theHelpOfEveryCommandIsAsHeld() throws Exception {
        StringWriter out = new StringWriter();
        CommandLine program = Commands.line(new WslProxyCommand(), CommandLine.defaultFactory())
                .setOut(new PrintWriter(out, true));

        assertThat(program.execute("help", "--all")).isZero();

        assertThat(out.toString()).isEqualToNormalizingNewlines(held());
    }

    private static String held() throws Exception {
        try (InputStream file =
                Objects.requireNonNull(CommandHelpTest.class.getResourceAsStream("/cli/help-all.txt"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
