package io.github.wslproxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.wslproxy.testing.Await;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The packaged program between a LAN and a VM, each a network namespace, beside a pretend relay of WSL: it listens on
 * localhost of Windows for each server on localhost of the VM, and connects inside the VM.
 */
class LocalhostIT {
    private static final Path PROGRAM = Path.of("target/wslproxy/wslproxy").toAbsolutePath();
    private static final String WINDOWS = "192.168.77.10";

    @TempDir
    Path folder;

    private Host windows;
    private Host vm;
    private Host lan;
    private byte[] page;

    @BeforeEach
    void boot() throws Exception {
        assumeTrue("0".equals(Shell.run("id", "-u").out().strip()), "network namespaces need root");
        for (String program : new String[] {"ip", "curl", "python3", "hostname"}) {
            assumeTrue(Shell.has(program), program + " is not installed; .ci/run installs it");
        }
        assertThat(PROGRAM).as("the packaged program").isExecutable();
        windows = Host.boot("win");
        vm = Host.boot("vm");
        lan = Host.boot("lan");
        windows.connect("vEthernet(WSL)", vm, "eth0");
        windows.address("vEthernet(WSL)", "172.30.96.1/20");
        vm.address("eth0", "172.30.98.229/20");
        windows.connect("Ethernet", lan, "eth0");
        windows.address("Ethernet", WINDOWS + "/24");
        lan.address("eth0", "192.168.77.50/24");
        page = new byte[3_000_000];
        new Random(1).nextBytes(page);
        Files.createDirectory(folder.resolve("www"));
        Files.write(folder.resolve("www/page"), page);
    }

    @AfterEach
    void powerOff() throws Exception {
        Host.removeAll(windows, vm, lan);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, localhost", "::1, localhost", "127.0.0.1 ::1, localhost", "::, address"})
    void aServerIsReachedWhereverItListens(String addresses, String via) throws Exception {
        startRelay("0.2");
        for (String address : addresses.split(" ", -1)) {
            startServer(address, 8000);
        }
        Process proxy = startProxy();

        Await.until(() -> isServed(8000));
        assertThat(isServed(8080)).isTrue();
        assertThat(isServed(8000)).isTrue();
        assertThat(status()).contains("\"via\": \"" + via + "\"");
        boolean said = log().contains("[web] goes through WSL's localhost relay");
        assertThat(said).isEqualTo(via.equals("localhost"));

        proxy.destroy();
        assertThat(proxy.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(proxy.exitValue()).isZero();
        assertThat(log()).doesNotContain("Exception").doesNotContain("unexpected");
    }

    @Test
    void theRelayMayComeTwoSecondsAfterTheServer() throws Exception {
        startProxy();
        startServer("127.0.0.1", 8000);
        assertThat(isServed(8000)).isFalse();

        long before = System.nanoTime();
        startRelay("2");
        Await.until(() -> isServed(8000));

        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - before)).isLessThan(6);
    }

    /** On Linux the relay cannot have the port beside the wildcard, so that the connect comes back. */
    @Test
    void whereWslproxyHasThePortOnLocalhostNobodyIsThere() throws Exception {
        startRelay("0.2");
        startProxy();

        for (int i = 0; i < 20; i++) {
            assertThat(isServed(8001)).isFalse();
        }

        assertThat(log()).contains("nobody listens on port 8001 inside WSL");
        assertThat(status()).contains("\"refused\": 20").doesNotContain("\"open\": 1");
        startServer("0.0.0.0", 8001);
        Await.until(() -> isServed(8001));
    }

    @Test
    void serversThatChangePlacesWhileClientsCome() throws Exception {
        startRelay("0.2");
        startProxy();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger cut = new AtomicInteger();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int client = i;
            Thread thread = new Thread(() -> {
                while (!over.get()) {
                    try {
                        Path to = folder.resolve("fetched-" + client);
                        if (fetch(8000, to) == 0 && !Arrays.equals(Files.readAllBytes(to), page)) {
                            cut.incrementAndGet();
                        }
                    } catch (Exception failure) {
                        cut.incrementAndGet();
                    }
                }
            });
            thread.start();
            clients.add(thread);
        }
        for (String place : new String[] {"127.0.0.1", "0.0.0.0", "::1", "172.30.98.229", "127.0.0.1"}) {
            Process server = startServer(place, 8000);
            Await.until(() -> isServed(8000));
            Thread.sleep(500);
            assertThat(isServed(8000)).as(place).isTrue();
            server.destroyForcibly().waitFor();
        }
        over.set(true);
        for (Thread client : clients) {
            client.join();
        }

        assertThat(cut).hasValue(0);
        assertThat(log()).doesNotContain("Exception").doesNotContain("unexpected");
    }

    private Process startServer(String address, int port) throws Exception {
        return vm.start(
                folder.resolve("web.log"),
                "python3",
                "-m",
                "http.server",
                Integer.toString(port),
                "--bind",
                address,
                "--directory",
                folder.resolve("www").toString());
    }

    /** @param seconds between two looks at who listens in the VM */
    private void startRelay(String seconds) throws Exception {
        Path script = folder.resolve("wslrelay.py");
        try (InputStream in = Objects.requireNonNull(LocalhostIT.class.getResourceAsStream("/e2e/wslrelay.py"))) {
            Files.write(script, in.readAllBytes());
        }
        windows.start(folder.resolve("wslrelay.log"), "python3", script.toString(), vm.name(), seconds);
    }

    private Process startProxy() throws Exception {
        Path config = folder.resolve("proxy.toml");
        Files.writeString(config, """
                [wsl]
                command = ["ip", "netns", "exec", "%s", "hostname", "-I"]
                localhost = true

                [[forward]]
                name = "web"
                listen = "192.168.77.10:8000"
                target = "wsl:8000"

                [[forward]]
                name = "everywhere"
                port = 8080
                target = "wsl:8000"

                [[forward]]
                name = "same"
                port = 8001
                """.formatted(vm.name()));
        Process proxy = windows.start(folder.resolve("proxy.log"), PROGRAM.toString(), "--config", config.toString());
        Await.until(() -> log().contains("is running"));
        return proxy;
    }

    private boolean isServed(int port) throws Exception {
        Path to = folder.resolve("fetched");
        return fetch(port, to) == 0 && Arrays.equals(Files.readAllBytes(to), page);
    }

    private int fetch(int port, Path to) throws Exception {
        return lan.run("curl", "-s", "-o", to.toString(), "--max-time", "8", "http://" + WINDOWS + ":" + port + "/page")
                .status();
    }

    private String status() throws Exception {
        return windows.run("curl", "-s", "http://127.0.0.1:9797/api/status")
                .orFail()
                .out();
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("proxy.log"));
    }
}
