package io.github.wslproxy.e2e;

import static io.github.wslproxy.testing.Loopback.freePort;
import static io.github.wslproxy.testing.Loopback.freePortOfBoth;
import static io.github.wslproxy.testing.Loopback.listens;
import static io.github.wslproxy.testing.Loopback.openLink;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.TcpPeer;
import io.github.wslproxy.testing.UdpPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program from its start to its end: the one end-to-end test that every build runs. */
@Tag("smoke")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs a POSIX shell and many loopback addresses")
class SmokeIT {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final String VM = "127.0.0.2";
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    Path folder;

    @Test
    void itForwardsFollowsAnEditTellsItsStatusAndStops() throws Exception {
        int both = freePortOfBoth();
        int added = freePort();
        int status = freePort();
        try (TcpPeer web = TcpPeer.at(VM, TcpPeer::echo);
                UdpPeer game = UdpPeer.echo(UdpPeer.anyPort(InetAddress.getByName(VM)), "echo ")) {
            String before = "[wsl]\ncommand = ['echo', '" + VM + "']\n[status]\nlisten = '127.0.0.1:" + status + "'\n"
                    + forward("web", "tcp", both, web.port())
                    + forward("game", "udp", both, game.address().getPort());
            Path config = Files.writeString(folder.resolve("proxy.toml"), before);
            assertThat(Program.run("check", "--config", config.toString()).status())
                    .isZero();

            try (Program program = new Program(folder, "--config", config.toString()).awaitStart();
                    UdpPeer player = UdpPeer.client(new InetSocketAddress(LOOPBACK, both))) {
                openLink(both).close();
                player.send("hello");
                assertThat(player.receive(SOON)).isPresent();

                Files.writeString(config, before + forward("added", "tcp", added, web.port()));
                Await.until(() -> listens(added));
                openLink(added).close();

                assertThat(Program.run("status", "--config", config.toString()).out())
                        .contains("web", "game", "added", VM);
                Program.run("stop", "--config", config.toString()).orFail();
                assertThat(program.awaitEnd(SOON)).isZero();
                assertThat(listens(both)).isFalse();
            }
        }
    }

    private static String forward(String name, String protocol, int port, int target) {
        return "[[forward]]\nname = '%s'\nprotocol = '%s'\nlisten = '127.0.0.1:%d'\ntarget = 'wsl:%d'\n"
                .formatted(name, protocol, port, target);
    }
}
