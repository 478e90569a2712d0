package io.github.wslproxy.doctor;

import static io.github.wslproxy.testing.Loopback.freePort;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.app.WslProxy;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.doctor.Finding.FindingState;
import io.github.wslproxy.testing.LoopbackVm;
import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The doctor of this computer beside a proxy that runs here, of which one thing after another breaks. */
@Tag("slow")
@ExtendWith(LoopbackVm.class)
class DoctorOverSocketsTest {
    @TempDir
    Path folder;

    private Path config;
    private TcpPeer server;
    private int listenPort;
    private WslProxy proxy;

    @BeforeEach
    void startProxy() throws Exception {
        server = TcpPeer.playing(socket -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
        listenPort = freePort();
        config = folder.resolve("proxy.toml");
        write("allow = [\"loopback\"]");
        start();
    }

    @AfterEach
    void stopProxy() throws Exception {
        proxy.stop(Duration.ZERO);
        server.close();
    }

    @Test
    void aConnectionThatComesThroughIsSeen() throws Exception {
        assertThat(finding(ChainLink.RUNNING).state()).isEqualTo(FindingState.OK);
        assertThat(finding(ChainLink.LISTENING).state()).isEqualTo(FindingState.OK);
        assertThat(finding(ChainLink.TARGET).state()).isEqualTo(FindingState.OK);
        assertThat(finding(ChainLink.RELAY))
                .isEqualTo(Finding.ok(
                                ChainLink.RELAY,
                                "a connection to 127.0.0.1:" + listenPort + " came through to 127.0.0.1:"
                                        + server.port())
                        .of("web"));
    }

    @Test
    void aServerThatIsGoneBreaksTheTargetAndNotTheRelay() throws Exception {
        server.close();

        Finding broken = broken();
        assertThat(broken.link()).isEqualTo(ChainLink.TARGET);
        assertThat(broken.seen()).isEqualTo("127.0.0.1:" + server.port() + " refuses: nobody listens there");
        assertThat(finding(ChainLink.RELAY).state()).isEqualTo(FindingState.SKIPPED);
    }

    @Test
    void aProxyThatIsGoneIsTheBrokenLink() throws Exception {
        proxy.stop(Duration.ZERO);

        assertThat(broken().link()).isEqualTo(ChainLink.RUNNING);
        assertThat(broken().cure()).isEqualTo("wslproxy --config " + config);
    }

    @Test
    void anEditThatTheProxyHasNotReadIsTheBrokenLink() throws Exception {
        Files.writeString(config, Files.readString(config).replace("\"web\"", "\"www\""));

        assertThat(broken().link()).isEqualTo(ChainLink.RUNNING);
        assertThat(broken().seen()).contains("\"www\"");
    }

    @Test
    void whoMayNotComeInHimselfCannotTell() throws Exception {
        proxy.stop(Duration.ZERO);
        write("allow = [\"192.168.1.0/24\"]");
        start();

        assertThat(finding(ChainLink.RELAY))
                .isEqualTo(Finding.notKnown(
                                ChainLink.RELAY,
                                "127.0.0.1 is not in allow of \"web\" ([\"192.168.1.0/24\"], proxy.toml:11), so this computer"
                                        + " cannot try it itself")
                        .of("web"));
        assertThat(finding(ChainLink.LAST_PROBLEM).seen()).isEqualTo("none");
    }

    @Test
    void aPortThatSomebodyElseHoldsIsTheBrokenLink() throws Exception {
        proxy.stop(Duration.ZERO);
        int second = freePort();
        try (ServerSocket other = new ServerSocket(listenPort, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(
                    config,
                    Files.readString(config)
                            + "[[forward]]\nname = \"other\"\nlisten = \"127.0.0.1:" + second
                            + "\"\ntarget = \"127.0.0.1:1\"\n");
            start();

            Finding broken = broken();
            assertThat(other.isBound()).isTrue();
            assertThat(broken.link()).isEqualTo(ChainLink.LISTENING);
            assertThat(broken.forward()).isEqualTo("web");
            assertThat(broken.cure()).isEqualTo("ss -aptn sport = :" + listenPort);
        }
    }

    private void write(String access) throws IOException {
        int status = freePort();
        Files.writeString(config, """
                [wsl]
                command = ["echo", "127.0.0.1"]

                [status]
                listen = "127.0.0.1:%d"

                [[forward]]
                name   = "web"
                listen = "127.0.0.1:%d"
                target = "wsl:%d"
                %s
                """.formatted(status, listenPort, server.port(), access));
    }

    private void start() throws Exception {
        Settings settings = ConfigFile.read(config);
        proxy = new WslProxy(settings);
        proxy.start();
    }

    private Diagnosis diagnosis() throws Exception {
        return Doctor.ofThisComputer().examine(config, Optional.empty());
    }

    private Finding broken() throws Exception {
        return diagnosis().firstBroken().orElseThrow();
    }

    private Finding finding(ChainLink link) throws Exception {
        return diagnosis().findings().stream()
                .filter(finding -> finding.link() == link)
                .findFirst()
                .orElseThrow();
    }
}
