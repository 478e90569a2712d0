package io.github.wslproxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The unpacked zip on a Windows JVM, between a VM and a LAN with real clients and servers.
 *
 * <p>The sockets under that JVM are Linux's, so what only Windows has is not shown here:
 *
 * <ul>
 *   <li>a reset that arrives: a read gives the end of the stream under Wine 8 ({@code TcpRelayTest} has it);
 *   <li>ports that are shared with {@code wslrelay.exe}, and which binds exclude each other: Linux's rule holds, so
 *       only the options of the sockets are looked at, in {@link WineProgramIT};
 *   <li>several UDP sockets on one port, one for each address: Wine 8 refuses the second, so UDP listens on one
 * address;
 *   <li>{@code PortUnreachableException}: a plain {@code IOException} on the next write;
 *   <li>speed, and the timing of lost and refused connects (21 s and 2 s there);
 *   <li>adapters that come and go, sleep, the firewall, excluded port ranges.
 * </ul>
 */
@ExtendWith(OnWine.class)
@Timeout(180)
class WineJourneyIT {
    private static final String FIRST = "172.30.98.229";
    private static final String SECOND = "172.30.101.7";
    private static final String CONFIG = "C:\\users\\J\u00f6rg M\u00fcller\\AppData\\Roaming\\wslproxy\\proxy.toml";
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(10);
    private static final int MIB = 1 << 20;

    /** Answers each upload with its checksum; on the second port it reads as slowly as a bad disk. */
    private static final String SINK = """
            import hashlib, socket, sys, threading, time
            def serve(port, pause):
                listening = socket.socket()
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if pause:
                    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
                listening.bind(('0.0.0.0', port))
                listening.listen()
                while True:
                    client, _ = listening.accept()
                    digest = hashlib.sha256()
                    while data := client.recv(65536):
                        digest.update(data)
                        time.sleep(pause)
                    client.sendall(digest.hexdigest().encode())
                    client.close()
            threading.Thread(target=serve, args=(7001, 0.002)).start()
            serve(7000, 0)
            """;

    private static final String UPLOAD = """
            import socket, sys
            client = socket.create_connection((sys.argv[1], int(sys.argv[2])))
            with open(sys.argv[3], 'rb') as file:
                client.sendfile(file)
            client.shutdown(socket.SHUT_WR)
            print(client.recv(64, socket.MSG_WAITALL).decode())
            """;

    private static final String ECHO = """
            import socket
            echo = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            echo.bind(('0.0.0.0', 9000))
            while True:
                data, client = echo.recvfrom(65535)
                echo.sendto(data, client)
            """;

    /** Sends datagrams of the sizes named and compares what comes back. */
    private static final String DATAGRAMS = """
            import os, socket, sys
            client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            client.settimeout(5)
            for size in sys.argv[3:]:
                data = os.urandom(int(size))
                client.sendto(data, (sys.argv[1], int(sys.argv[2])))
                print(size, client.recv(65535) == data)
            """;

    @TempDir
    static Path folder;

    private final WineNetwork network;
    private final Host vm;
    private final Host lan;
    private final FakeWsl wsl;

    WineJourneyIT(WineNetwork network) {
        this.network = network;
        this.vm = network.vm();
        this.lan = network.lan();
        this.wsl = network.wsl();
    }

    @AfterEach
    void stopVm() throws Exception {
        vm.killPrograms();
        vm.noAddress("eth0");
    }

    @Test
    void clientsFollowTheVm() throws Exception {
        String large = random("large", 200 * MIB);
        String small = random("small", 40 * MIB);
        startVm(FIRST);
        network.windows().writeAsNotepad(CONFIG, config());
        try (WineProgram program =
                WineProgram.start(network, folder, "--config", CONFIG).awaitTable()) {
            assertThat(program.out()).contains("WSL is at " + FIRST).contains("vEthernet(WSL)");

            assertThat(download("large")).isEqualTo(large);
            assertThat(upload("large", 7000)).isEqualTo(large);
            assertThat(download("small", "--limit-rate", "30M")).isEqualTo(small);
            assertThat(upload("small", 7001)).isEqualTo(small);
            assertThat(lookUp("+tcp")).isEqualTo("192.0.2.7");
            assertThat(lookUp("+notcp")).isEqualTo("192.0.2.7");
            assertThat(datagrams(1, 1400, 9000, 65_507)).isEqualTo("1 True\n1400 True\n9000 True\n65507 True\n");

            vm.killPrograms();
            vm.noAddress("eth0");
            startVm(SECOND);
            Await.until(() -> pageStatus() == 0);
            assertThat(program.out() + program.err()).contains(SECOND);
            assertThat(download("small")).isEqualTo(small);
            assertThat(lookUp("+notcp")).isEqualTo("192.0.2.7");
            assertThat(datagrams(5)).isEqualTo("5 True\n");

            wsl.isStopped();
            vm.killPrograms();
            Await.until(() -> status().contains("\"state\": \"down\""));
            wsl.forgetCalls();
            Await.until(() -> {
                assertThat(pageStatus())
                        .as("curl is neither served nor kept waiting")
                        .isNotIn(0, 28);
                return wsl.calls().size() >= 4;
            });
            assertThat(program.err()).contains("tcp refused: its target is not there: no distribution is running");
            assertThat(wsl.calls()).containsOnly(FakeWsl.LIST_RUNNING);

            startVm(SECOND);
            Await.until(() -> pageStatus() == 0);

            program.interrupt();
            assertThat(program.awaitEnd(STOPS_WITHIN)).isZero();
            assertThat(program.out() + program.err()).doesNotContain("Exception");
            network.assertNothingIsLeft();
        }
    }

    private static String config() {
        return """
                [wsl]
                interval = "1s"

                [defaults]
                connect_timeout = "1s"

                [[forward]]
                name   = "web"
                port   = 8080
                target = "wsl:8000"

                [[forward]]
                name   = "upload"
                listen = "0.0.0.0:7000-7001"

                [[forward]]
                name     = "dns"
                protocol = "tcp+udp"
                listen   = "%1$s:53"
                target   = "wsl:5300"

                [[forward]]
                name     = "echo"
                protocol = "udp"
                listen   = "%1$s:9000"
                """.formatted(WineNetwork.LAN_ADDRESS);
    }

    /** A file of the VM's web server; gives its checksum. */
    private static String random(String name, int size) throws Exception {
        Path www = Files.createDirectories(folder.resolve("www"));
        Shell.run("sh", "-c", "head -c " + size + " /dev/urandom >" + www.resolve(name))
                .orFail();
        return Shell.run("sha256sum", www.resolve(name).toString())
                .orFail()
                .out()
                .substring(0, 64);
    }

    private void startVm(String address) throws Exception {
        vm.noAddress("eth0");
        vm.address("eth0", address + "/20");
        vm.start(
                log("web"),
                "python3",
                "-m",
                "http.server",
                "8000",
                "--directory",
                folder.resolve("www").toString());
        vm.start(log("sink"), "python3", "-c", SINK);
        vm.start(log("echo"), "python3", "-c", ECHO);
        vm.startDns(log("dns"));
        Await.until(() -> vm.run("ss", "-Htuln")
                .orFail()
                .out()
                .matches("(?s)(?=.*:8000 )(?=.*:7000 )(?=.*:7001 )(?=.*:9000 ).*:5300 .*"));
        wsl.runsAt("172.17.0.1 " + address + " fd00::1");
    }

    private String download(String page, String... options) throws Exception {
        return lan.run("sh", "-c", "curl -sS " + String.join(" ", options) + " " + url(page) + " | sha256sum")
                .orFail()
                .out()
                .substring(0, 64);
    }

    private int pageStatus() throws Exception {
        return lan.run("curl", "-s", "-o", "/dev/null", "--max-time", "3", "-r", "0-9", url("small"))
                .status();
    }

    private static String url(String page) {
        return "http://" + WineNetwork.LAN_ADDRESS + ":8080/" + page;
    }

    private String upload(String page, int port) throws Exception {
        return python(
                        UPLOAD,
                        Integer.toString(port),
                        folder.resolve("www").resolve(page).toString())
                .strip();
    }

    private String datagrams(int... sizes) throws Exception {
        return python(
                DATAGRAMS,
                Stream.concat(Stream.of("9000"), IntStream.of(sizes).mapToObj(Integer::toString))
                        .toArray(String[]::new));
    }

    private String python(String script, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("python3", "-c", script, WineNetwork.LAN_ADDRESS));
        command.addAll(List.of(arguments));
        return lan.run(command.toArray(String[]::new)).orFail().out();
    }

    private String lookUp(String transport) throws Exception {
        return lan.run("dig", "+short", "+time=2", "+tries=2", transport, "@" + WineNetwork.LAN_ADDRESS, "vm.test")
                .orFail()
                .out()
                .strip();
    }

    private String status() throws Exception {
        return network.windows()
                .host()
                .run("curl", "-s", "http://127.0.0.1:9797/api/status")
                .out();
    }

    private static Path log(String program) {
        return folder.resolve(program + ".log");
    }
}
