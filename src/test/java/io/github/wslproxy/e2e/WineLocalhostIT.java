package io.github.wslproxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers on localhost inside WSL, as the program is set up on Windows, on a Windows JVM. A listener on 127.0.0.1 of
 * Windows plays WSL's relay. That relay may have a port of ours on Windows only: Linux's sockets refuse one of the two.
 */
@ExtendWith(OnWine.class)
@Timeout(180)
class WineLocalhostIT {
    private static final String CONFIG = "C:\\localhost.toml";
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(10);
    private static final String FORWARDS = """
            [wsl]
            interval = "1s"

            [[forward]]
            name   = "web"
            port   = 8080
            target = "wsl:8000"

            [[forward]]
            name = "loop"
            port = 8001
            """;

    @TempDir
    static Path folder;

    private final WineNetwork network;

    WineLocalhostIT(WineNetwork network) {
        this.network = network;
    }

    @Test
    void theLanReachesThemAndNobodyReachesOurselves() throws Exception {
        network.vm().noAddress("eth0");
        network.vm().address("eth0", WineNetwork.VM_ADDRESS + "/20");
        network.wsl().runsAt(WineNetwork.VM_ADDRESS);
        Files.writeString(folder.resolve("page"), "from localhost");
        network.windows().writeAsNotepad(CONFIG, FORWARDS);
        try (WineProgram program =
                WineProgram.start(network, folder, "--config", CONFIG).awaitTable()) {
            network.windows()
                    .host()
                    .start(
                            folder.resolve("relay.log"),
                            "python3",
                            "-m",
                            "http.server",
                            "8000",
                            "--bind",
                            "127.0.0.1",
                            "--directory",
                            folder.toString());

            Await.until(() -> fetch(8080).out().equals("from localhost"));
            program.await(() -> program.err().contains("[web] goes through WSL's localhost relay"));
            for (int i = 0; i < 20; i++) {
                assertThat(fetch(8001).status())
                        .as("curl is neither served nor kept waiting")
                        .isNotIn(0, 28);
            }
            program.await(() -> program.err().contains("nobody listens on port 8001 inside WSL"));
            assertThat(fetch(8080).out()).isEqualTo("from localhost");

            program.interrupt();
            assertThat(program.awaitEnd(STOPS_WITHIN)).isZero();
            assertThat(program.out() + program.err()).doesNotContain("Exception");
        } finally {
            network.windows().host().killPrograms();
            network.vm().noAddress("eth0");
        }
        network.assertNothingIsLeft();
    }

    private Shell.Result fetch(int port) throws Exception {
        return network.lan()
                .run("curl", "-s", "--max-time", "5", "http://" + WineNetwork.LAN_ADDRESS + ":" + port + "/page");
    }
}
