package io.github.wslproxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.wslproxy.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Limits of clients that are no programs of this computer: of another one on the LAN, a network namespace. */
@Timeout(60)
class LimitsIT {
    private static final String SERVER = "192.168.77.10";
    private static final String SERVER_6 = "fd77:0:0:1::10";

    /** Holds what it connects from each source in turn; says "in" or "out" for each. */
    private static final String CLIENT = """
            import socket, sys
            held = []
            for source in sys.argv[2:]:
                family = socket.AF_INET6 if ':' in source else socket.AF_INET
                link = socket.socket(family)
                link.settimeout(5)
                link.bind((source, 0))
                try:
                    link.connect((sys.argv[1], 8080))
                    link.sendall(b'x')
                    print('in' if link.recv(1) == b'x' else 'out')
                    held.append(link)
                except ConnectionError:
                    print('out')
            """;

    private static final String ECHO = """
            import socket, threading
            def echo(link):
                while data := link.recv(4096):
                    link.sendall(data)
            with socket.create_server(('127.0.0.1', 9000), backlog=100) as server:
                while True:
                    threading.Thread(target=echo, args=(server.accept()[0],), daemon=True).start()
            """;

    @TempDir
    Path folder;

    private Host computer;
    private Host lan;

    @BeforeEach
    void boot() throws Exception {
        assumeTrue(Shell.has("id") && Shell.run("id", "-u").out().strip().equals("0"), "network namespaces need root");
        assumeTrue(Shell.has("ip") && Shell.has("python3"), "ip or python3 is not installed; .ci/run installs them");
        computer = Host.boot("limits");
        lan = Host.boot("limits-lan");
        computer.connect("Ethernet", lan, "eth0");
        for (String address : new String[] {SERVER + "/24", SERVER_6 + "/64"}) {
            computer.address("Ethernet", address);
        }
        for (String address : new String[] {
            "192.168.77.50/24",
            "192.168.77.51/24",
            "fd77:0:0:1::50/64",
            "fd77:0:0:1::51/64",
            "fd77:0:0:3::50/64",
            "fd77:0:0:3::51/64",
            "fd77:0:0:4::50/64"
        }) {
            lan.address("eth0", address);
        }
        for (String network : new String[] {"fd77:0:0:3::/64", "fd77:0:0:4::/64"}) {
            computer.run("ip", "-6", "route", "add", network, "via", "fd77:0:0:1::50")
                    .orFail();
        }
        computer.start(folder.resolve("echo.log"), "python3", "-c", ECHO);
    }

    @AfterEach
    void powerOff() throws Exception {
        for (Host host : new Host[] {computer, lan}) {
            if (host != null) {
                host.remove();
            }
        }
    }

    @Test
    void addressesOfOneNetworkOfIpv6AreOneClientUnlessTheyAreNeighbours() throws Exception {
        start("max_connections_per_client = 2", "");

        assertThat(connect(SERVER_6, "fd77:0:0:3::50", "fd77:0:0:3::51", "fd77:0:0:3::50", "fd77:0:0:4::50"))
                .isEqualTo("in\nin\nout\nin\n");
        assertThat(connect(SERVER_6, "fd77:0:0:1::50", "fd77:0:0:1::51", "fd77:0:0:1::50", "fd77:0:0:1::51"))
                .isEqualTo("in\nin\nin\nin\n");
        assertThat(connect(SERVER, "192.168.77.50", "192.168.77.51", "192.168.77.50", "192.168.77.51"))
                .isEqualTo("in\nin\nin\nin\n");
        assertThat(log())
                .contains(
                        "limit reached: max_connections_per_client = 2 of \"web\" (fd77:0:0:3::/64 counts as one client)");
    }

    @Test
    void aClientComesNoMoreOftenThanPermittedAndOthersAreServed() throws Exception {
        start("", "[limits]\nmax_connection_rate_per_client = 1\n");

        assertThat(connect(SERVER, "192.168.77.50", "192.168.77.50", "192.168.77.51"))
                .isEqualTo("in\nout\nin\n");

        Await.until(() -> connect(SERVER, "192.168.77.50").equals("in\n"));
        assertThat(log()).contains("max_connection_rate_per_client");
    }

    private void start(String defaults, String limits) throws Exception {
        Path config = Files.writeString(
                folder.resolve("proxy.toml"),
                "[status]\nlisten = 'off'\n[defaults]\n" + defaults + "\n" + limits
                        + "[[forward]]\nname = 'web'\nport = 8080\ntarget = '127.0.0.1:9000'\n");
        computer.start(folder.resolve("log"), Program.LAUNCHER.toString(), "--config", config.toString());
        Await.until(() -> log().contains("is running"));
    }

    private String connect(String server, String... sources) throws Exception {
        String[] command = new String[4 + sources.length];
        System.arraycopy(new String[] {"python3", "-c", CLIENT, server}, 0, command, 0, 4);
        System.arraycopy(sources, 0, command, 4, sources.length);
        return lan.run(command).orFail().out();
    }

    private String log() throws Exception {
        return Files.readString(folder.resolve("log"));
    }
}
