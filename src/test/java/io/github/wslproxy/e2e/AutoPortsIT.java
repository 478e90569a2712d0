package io.github.wslproxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.wslproxy.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers that come and go in the VM, a network namespace, and a client on the LAN that reaches them without a config.
 */
class AutoPortsIT {
    private static final Path PROGRAM = Path.of("target/wslproxy/wslproxy").toAbsolutePath();
    private static final String WINDOWS = "192.168.77.10";
    private static final String VM = "172.30.98.229";

    @TempDir
    Path folder;

    private Host windows;
    private Host vm;
    private Host lan;

    @BeforeEach
    void boot() throws Exception {
        assumeTrue("0".equals(Shell.run("id", "-u").out().strip()), "network namespaces need root");
        for (String program : new String[] {"ip", "curl", "dig", "dnsmasq", "python3", "hostname"}) {
            assumeTrue(Shell.has(program), program + " is not installed; .ci/run installs it");
        }
        assertThat(PROGRAM).as("the packaged program").isExecutable();
        windows = Host.boot("autowin");
        vm = Host.boot("autovm");
        lan = Host.boot("autolan");
        windows.connect("vEthernet(WSL)", vm, "eth0");
        windows.address("vEthernet(WSL)", "172.30.96.1/20");
        windows.connect("Ethernet", lan, "eth0");
        windows.address("Ethernet", WINDOWS + "/24");
        lan.address("eth0", "192.168.77.50/24");
        vm.address("eth0", VM + "/20");
        vm.bridge("docker0", "172.17.0.1/16");
        Files.createFile(running());
    }

    @AfterEach
    void powerOff() throws Exception {
        Host.removeAll(windows, vm, lan);
    }

    @Test
    void serversComeAndGo() throws Exception {
        Process proxy = startProxy("");
        assertThat(fetch(8000)).isNotZero();

        Process first = web(8000, "0.0.0.0");
        long began = System.nanoTime();
        Await.until(() -> fetch(8000) == 0);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        web(8001, "::");
        Await.until(() -> fetch(8001) == 0);

        // A restart within some seconds keeps the forward.
        end(first);
        Process second = web(8000, "0.0.0.0");
        Await.until(() -> fetch(8000) == 0);
        assertThat(occurrences("tcp port 8000: no longer forwarded")).isZero();

        end(second);
        long ended = System.nanoTime();
        Await.until(() -> occurrences("tcp port 8000: no longer forwarded: its server has ended") == 1);
        assertThat(Duration.ofNanos(System.nanoTime() - ended))
                .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(15));
        assertThat(fetch(8000)).isNotZero();
        assertThat(fetch(8001)).isZero();
        assertThat(occurrences("now forwarded as auto-8000")).isOne();

        stop(proxy);
    }

    @Test
    void whatIsNotToBeReachedFromOutsideIsNot() throws Exception {
        web(8000, "127.0.0.1");
        web(8002, "172.17.0.1");
        web(8066, "0.0.0.0");
        web(9000, "0.0.0.0");
        web(8003, "0.0.0.0");
        Process proxy = startProxy("");

        Await.until(() -> fetch(8003) == 0);

        for (int port : new int[] {8000, 8002, 8066, 9000}) {
            assertThat(fetch(port)).as("port " + port).isNotZero();
        }
        Await.until(() -> occurrences("tcp port 8000: not forwarded, as its server listens on localhost only") == 1);
        assertThat(occurrences("forwarded as auto-")).isOne();
        stop(proxy);
        assertThat(occurrences("listens on localhost only")).isOne();
    }

    @Test
    void udpServersAreForwardedToo() throws Exception {
        Process proxy = startProxy("");
        vm.startDns(log("dns"), "--bind-interfaces", "--listen-address=" + VM);

        for (String how : new String[] {"+notcp", "+tcp"}) {
            Await.until(
                    () -> lan.run("dig", "+short", "+time=1", "+tries=1", how, "@" + WINDOWS, "-p", "5300", "vm.test")
                                    .status()
                            == 0);
        }

        assertThat(occurrences("now forwarded as auto-5300-udp")).isOne();
        stop(proxy);
    }

    @Test
    void aForwardOfTheFileWins() throws Exception {
        web(8001, "0.0.0.0");
        Await.until(() -> vm.run("curl", "-s", "-o", "/dev/null", "http://127.0.0.1:8001/")
                        .status()
                == 0);
        web(8000, "0.0.0.0");
        Process proxy = startProxy("""

                [[forward]]
                name   = "mine"
                port   = 8001
                target = "wsl:8000"
                """);

        // The look that saw the one has seen the other, too.
        Await.until(() -> fetch(8000) == 0);
        assertThat(fetch(8001)).isZero();
        assertThat(occurrences("forwarded as auto-8001")).isZero();
        stop(proxy);
    }

    @Test
    void aVmThatStopsTakesThemAlongAndTheyComeBackWithIt() throws Exception {
        web(8000, "0.0.0.0");
        Process proxy = startProxy("");
        Await.until(() -> fetch(8000) == 0);

        Files.delete(running());
        vm.killPrograms();
        Await.until(() -> occurrences("tcp port 8000: no longer forwarded") == 1);
        web(8000, "0.0.0.0");
        Files.createFile(running());

        Await.until(() -> fetch(8000) == 0);
        stop(proxy);
    }

    private Process web(int port, String address) throws IOException {
        return vm.start(
                log("web" + port),
                "python3",
                "-m",
                "http.server",
                Integer.toString(port),
                "--bind",
                address,
                "--directory",
                folder.toString());
    }

    private static void end(Process server) throws InterruptedException {
        server.destroyForcibly().waitFor();
    }

    private Process startProxy(String forwards) throws Exception {
        Path standIn = folder.resolve("wsl-stand-in");
        Files.writeString(
                standIn,
                "if [ -e '" + running() + "' ]; then ip netns exec " + vm.name()
                        + " sh -c 'hostname -I; cat /proc/net/tcp"
                        + " /proc/net/tcp6 /proc/net/udp /proc/net/udp6'; fi\n");
        Files.writeString(config(), """
                [wsl]
                command  = ["sh", "%s"]
                interval = "1s"

                [auto]
                ports    = ["8000-8099", "5300"]
                protocol = "tcp+udp"
                deny     = ["8066"]
                """.formatted(standIn) + forwards);
        Process proxy = windows.start(log("proxy"), PROGRAM.toString(), "--config", config().toString());
        Await.until(() -> log().contains("is running"));
        return proxy;
    }

    private void stop(Process proxy) throws Exception {
        proxy.destroy();
        assertThat(proxy.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(proxy.exitValue()).isZero();
        assertThat(log()).doesNotContain("Exception");
    }

    private int fetch(int port) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "-s", "-o", "/dev/null", "--max-time", "2"));
        command.add("http://" + WINDOWS + ":" + port + "/");
        return lan.run(command.toArray(String[]::new)).status();
    }

    private long occurrences(String pattern) throws IOException {
        return Pattern.compile(pattern).matcher(log()).results().count();
    }

    private Path config() {
        return folder.resolve("proxy.toml");
    }

    private Path running() {
        return folder.resolve("running");
    }

    private Path log(String program) {
        return folder.resolve(program + ".log");
    }

    private String log() throws IOException {
        return Files.readString(log("proxy"));
    }
}
