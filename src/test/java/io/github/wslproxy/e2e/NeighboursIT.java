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

/** Who is on the same network, and which addresses this computer has there: two network namespaces. */
@Timeout(60)
class NeighboursIT {
    private static final String ECHO = """
            import socket
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
                server.bind(('127.0.0.1', 9000))
                while True:
                    data, client = server.recvfrom(2000)
                    server.sendto(data, client)
            """;

    /** Asks from its second argument; says "in" once it is answered, "out" after the seconds of its third. */
    private static final String CLIENT = """
            import socket, sys, time
            family = socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET
            with socket.socket(family, socket.SOCK_DGRAM) as client:
                client.settimeout(.1)
                client.bind((sys.argv[2], 0))
                end = time.time() + float(sys.argv[3])
                answered = False
                while not answered and time.time() < end:
                    try:
                        client.sendto(b'x', (sys.argv[1], 8080))
                        answered = client.recv(1) == b'x'
                    except OSError:
                        time.sleep(.05)
                print('in' if answered else 'out')
            """;

    @TempDir
    Path folder;

    private Host computer;
    private Host lan;

    @BeforeEach
    void boot() throws Exception {
        assumeTrue(Shell.has("id") && Shell.run("id", "-u").out().strip().equals("0"), "network namespaces need root");
        assumeTrue(Shell.has("ip") && Shell.has("python3"), "ip or python3 is not installed; .ci/run installs them");
        computer = Host.boot("neighbours");
        lan = Host.boot("neighbours-lan");
        computer.connect("Ethernet", lan, "eth0");
        computer.address("Ethernet", "2001:db8:0:1::10/64");
        lan.address("eth0", "2001:db8:0:1::50/64");
        lan.address("eth0", "2001:db8:0:2::50/64");
        computer.run("ip", "-6", "route", "add", "2001:db8:0:2::/64", "dev", "Ethernet")
                .orFail();
        computer.start(folder.resolve("echo.log"), "python3", "-c", ECHO);
        Path config = Files.writeString(folder.resolve("proxy.toml"), """
                [status]
                listen = 'off'
                [[forward]]
                protocol = 'udp'
                port = 8080
                target = '127.0.0.1:9000'
                """);
        computer.start(folder.resolve("log"), Program.LAUNCHER.toString(), "--config", config.toString());
        Await.until(() -> Files.readString(folder.resolve("log")).contains("is running"));
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
    void byDefaultAPublicIpv6AddressComesInFromTheOwnNetworkOnly() throws Exception {
        assertThat(ask("2001:db8:0:1::10", "2001:db8:0:1::50", 10)).isEqualTo("in");
        assertThat(ask("2001:db8:0:1::10", "2001:db8:0:2::50", 1)).isEqualTo("out");
    }

    /** Readings of all adapters are four seconds apart: by them three addresses in a row would hardly be in time. */
    @Test
    void anAddressThatComesUpIsServedWithinASecond() throws Exception {
        lan.address("eth0", "192.168.77.50/24");
        for (String address : new String[] {"192.168.77.10", "192.168.77.11", "192.168.77.12"}) {
            computer.address("Ethernet", address + "/24");

            assertThat(ask(address, "192.168.77.50", 1.5)).isEqualTo("in");
        }
    }

    private String ask(String server, String from, double seconds) throws Exception {
        return lan.run("python3", "-c", CLIENT, server, from, String.valueOf(seconds))
                .orFail()
                .out()
                .strip();
    }
}
