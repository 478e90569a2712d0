package io.github.wslproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.wslproxy.config.ConfigFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The whole command with a file; on Windows it would look at the computer it runs on too. */
abstract class ImportNetshFixture {
    static final String CONFIG = """
            # mine
            [wsl]
            address = "192.0.2.7"   # fixed

            [[forward]]
            name = "web"
            port = 8080
            target = "wsl:80"
            """;

    static final String TWO_RULES = """
            add v4tov4 listenport=8080 connectaddress=172.28.176.1 connectport=80
            add v4tov4 listenport=3000 connectaddress=192.0.2.7 listenaddress=0.0.0.0
            """;

    @TempDir
    Path folder;

    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();

    @BeforeEach
    void onlyTheFileIsAsked() {
        assumeFalse(System.getProperty("os.name").startsWith("Windows"), "there are rules of this computer too");
    }

    int run(String... arguments) {
        return Commands.line(new WslProxyCommand(), CommandLine.defaultFactory())
                .setExecutionExceptionHandler(new FailurePrinter())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    int importing(String dump, String... more) throws Exception {
        Path file = Files.writeString(folder.resolve("dump.txt"), dump);
        List<String> arguments = new ArrayList<>(List.of("import-netsh", "--file", file.toString()));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    List<String> printed() {
        return out.toString().lines().toList();
    }

    void assertCheckAccepts(String toml, int forwards) throws Exception {
        Path file = Files.writeString(folder.resolve("imported.toml"), toml + "[wsl]\naddress = \"192.0.2.1\"\n");
        assertThat(ConfigFile.read(file).forwards()).hasSize(forwards);
        assertThat(run("check", "--config", file.toString())).isZero();
    }
}
