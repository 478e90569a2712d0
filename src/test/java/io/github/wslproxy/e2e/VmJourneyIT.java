package io.github.wslproxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.wslproxy.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The packaged program between a LAN and a VM, each a network namespace with real clients and servers: the VM goes down
 * and comes back at another address, and the clients go on.
 */
class VmJourneyIT {
    private static final Path PROGRAM = Path.of("target/wslproxy/wslproxy").toAbsolutePath();
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    private Host windows;
    private Host vm;
    private Host lan;

    /** The same journey in either family; the docker bridge of the VM is IPv4 in both. */
    enum Family {
        V4("172.30.96.1/20", "172.30.98.229/20", "172.30.101.7/20", "192.168.77.10", "192.168.77.50/24", 24),
        V6("fd00:30::1/64", "fd00:30::229/64", "fd00:30::7/64", "fd00:77::10", "fd00:77::50/64", 64);

        private final String gateway;
        private final String first;
        private final String second;
        private final String windows;
        private final String phone;
        private final int lanPrefix;

        Family(String gateway, String first, String second, String windows, String phone, int lanPrefix) {
            this.gateway = gateway;
            this.first = first;
            this.second = second;
            this.windows = windows;
            this.phone = phone;
            this.lanPrefix = lanPrefix;
        }

        String inUrl() {
            return this == V6 ? "[" + windows + "]" : windows;
        }
    }

    @BeforeEach
    void boot() throws Exception {
        assumeTrue("0".equals(uid()), "network namespaces need root");
        for (String program : new String[] {"ip", "curl", "iperf3", "dig", "dnsmasq", "python3", "hostname"}) {
            assumeTrue(Shell.has(program), program + " is not installed; .ci/run installs it");
        }
        assertThat(PROGRAM).as("the packaged program").isExecutable();
        windows = Host.boot("win");
        vm = Host.boot("vm");
        lan = Host.boot("lan");
    }

    @AfterEach
    void powerOff() throws Exception {
        Host.removeAll(windows, vm, lan);
    }

    @ParameterizedTest
    @EnumSource
    void clientsFollowTheVm(Family family) throws Exception {
        connectCables(family);
        byte[] page = new byte[20 * MIB];
        new Random(1).nextBytes(page);
        Files.createDirectory(Path.of(www()));
        Files.write(folder.resolve("www/page"), page);
        startVm(family.first);
        Process proxy = startProxy();

        assertThat(probe()).contains("not taken: 172.17.0.1").contains("WSL is at " + bare(family.first));
        assertThat(fetch(family)).isEqualTo(sha256(page));
        assertThat(lookUp(family, "+notcp")).isEqualTo("192.0.2.7");
        assertThat(lookUp(family, "+tcp")).isEqualTo("192.0.2.7");
        iperf(family);
        iperf(family, "-R");
        iperf(family, "-u", "-b", "20M", "-l", "1200");

        stopVm();
        Await.until(() -> fetchStatus(family) != 0);
        startVm(family.second);
        long back = System.nanoTime();
        Await.until(() -> fetchStatus(family) == 0);
        assertThat(Duration.ofNanos(System.nanoTime() - back)).isLessThan(INTERVAL.multipliedBy(2));
        assertThat(fetch(family)).isEqualTo(sha256(page));
        assertThat(lookUp(family, "+notcp")).isEqualTo("192.0.2.7");
        iperf(family, "-u", "-b", "5M", "-l", "1200");

        proxy.destroy();
        assertThat(proxy.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(proxy.exitValue()).isZero();
        assertThat(log()).contains(bare(family.second)).doesNotContain("Exception");
    }

    @Test
    void programsInTheVmReachAServerOnLocalhostOfWindowsAndNobodyElseDoes() throws Exception {
        connectLan(Family.V4);
        startServers(windows, "127.0.0.1");
        startProxy("""
                [[forward]]
                name   = "web"
                listen = "wsl:8000"
                target = "127.0.0.1:8000"

                [[forward]]
                name     = "dns"
                protocol = "tcp+udp"
                listen   = "wsl:5300"
                target   = "127.0.0.1:5300"
                """);
        assertThat(log())
                .contains("web waiting: wsl:8000: the adapter of WSL is not known until WSL runs")
                .contains("does not listen on udp wsl:5300");

        plugVmIn("172.30.96.1/20", "172.30.98.229/20");
        Files.createFile(running());
        assertServed("172.30.96.1");
        assertThat(log()).contains("listens for WSL on tcp 172.30.96.1:8000");
        // Windows would not take such packets from another adapter at all; Linux does, and the proxy has to refuse
        // them.
        lan.route("172.30.96.0/20", Family.V4.windows);
        // The lines of a second may be used up by what was refused to the VM itself before the probe had seen it.
        Await.until(() -> {
            assertThat(statusOf(lan, "172.30.96.1")).isNotZero();
            return refusedFromTheLan("tcp") > 0;
        });
        assertThat(lookUp(lan, "172.30.96.1", "+notcp").status()).isNotZero();
        assertThat(refusedFromTheLan("udp")).isPositive();
        assertThat(statusOf(lan, Family.V4.windows)).isNotZero();

        Files.delete(running());
        windows.unplug("vEthernet(WSL)");
        Await.until(() -> occurrences("does not listen on tcp wsl:8000") == 2);
        plugVmIn("172.20.16.1/20", "172.20.20.20/20");
        Files.createFile(running());
        assertServed("172.20.16.1");
        assertThat(log()).doesNotContain("Exception");
    }

    /**
     * On Windows its sockets would be dead otherwise; on Linux they live on, so the log has to tell that they are new.
     */
    @Test
    void anAddressThatIsBackIsListenedOnAgain() throws Exception {
        connectCables(Family.V4);
        startVm(Family.V4.first);
        startProxy("""
                [[forward]]
                name   = "web"
                listen = "192.168.77.10:8000"
                target = "wsl:8000"

                [[forward]]
                name     = "dns"
                protocol = "tcp+udp"
                listen   = "192.168.77.10:5300"
                target   = "wsl:5300"

                [[forward]]
                name     = "dns everywhere"
                protocol = "udp"
                port     = 5301
                target   = "wsl:5300"
                """);
        assertThat(statusOf(lan, "192.168.77.10")).isZero();
        assertThat(lookUp(lan, "192.168.77.10", "+notcp").status()).isZero();

        windows.noAddress("Ethernet", "192.168.77.10/24");
        Await.until(() -> occurrences("no longer listens on \\w+ 192\\.") == 3);
        windows.address("Ethernet", "192.168.77.10/24");
        long back = System.nanoTime();
        Await.until(() -> occurrences("now listens on \\w+ 192\\.") == 3);
        assertThat(Duration.ofNanos(System.nanoTime() - back)).isLessThan(Duration.ofSeconds(6));

        assertThat(statusOf(lan, "192.168.77.10")).isZero();
        for (String how : new String[] {"+notcp", "+tcp"}) {
            assertThat(lookUp(lan, "192.168.77.10", how).status()).as(how).isZero();
        }
        assertThat(lookUp(lan, "192.168.77.10", "+notcp", "-p", "5301").status())
                .isZero();
        assertThat(log()).doesNotContain("Exception");
    }

    /** From the VM, through the adapter at {@code gateway}. */
    private void assertServed(String gateway) throws Exception {
        Await.until(() -> statusOf(vm, gateway) == 0);
        Await.until(() -> lookUp(vm, gateway, "+notcp").status() == 0);
        assertThat(lookUp(vm, gateway, "+tcp").status()).isZero();
    }

    private static int statusOf(Host client, String server) throws Exception {
        String inUrl = server.contains(":") ? "[" + server + "]" : server;
        return client.run("curl", "-s", "-g", "-o", "/dev/null", "--max-time", "2", "http://" + inUrl + ":8000/")
                .status();
    }

    private static Shell.Result lookUp(Host client, String server, String... options) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("dig", "+short", "+time=1", "+tries=1", "@" + server, "-p", "5300"));
        command.addAll(List.of(options));
        command.add("vm.test");
        return client.run(command.toArray(String[]::new));
    }

    private long refusedFromTheLan(String protocol) throws IOException {
        return occurrences(bare(Family.V4.phone) + ":\\d+ " + protocol + " refused: it does not come from WSL");
    }

    private long occurrences(String pattern) throws IOException {
        return Pattern.compile(pattern).matcher(log()).results().count();
    }

    private void plugVmIn(String gateway, String address) throws Exception {
        windows.connect("vEthernet(WSL)", vm, "eth0");
        windows.address("vEthernet(WSL)", gateway);
        vm.address("eth0", address);
    }

    private void connectCables(Family family) throws Exception {
        windows.connect("vEthernet(WSL)", vm, "eth0");
        windows.address("vEthernet(WSL)", family.gateway);
        connectLan(family);
        vm.bridge("docker0", "172.17.0.1/16");
    }

    private void connectLan(Family family) throws Exception {
        windows.connect("Ethernet", lan, "eth0");
        windows.address("Ethernet", family.windows + "/" + family.lanPrefix);
        lan.address("eth0", family.phone);
    }

    private void startVm(String address) throws Exception {
        vm.address("eth0", address);
        vm.start(log("iperf"), "iperf3", "-s");
        startServers(vm, bare(address));
        Files.createFile(running());
    }

    /** Web on port 8000 and DNS on port 5300 of one address; they answer when this returns. */
    private void startServers(Host host, String address) throws Exception {
        Files.createDirectories(Path.of(www()));
        host.start(log("web"), "python3", "-m", "http.server", "8000", "--bind", address, "--directory", www());
        host.startDns(log("dns"), "--bind-interfaces", "--listen-address=" + address);
        Await.until(() -> statusOf(host, address) == 0);
        Await.until(() -> lookUp(host, address).status() == 0);
    }

    private void stopVm() throws Exception {
        Files.delete(running());
        vm.killPrograms();
        vm.noAddress("eth0");
    }

    private Process startProxy() throws Exception {
        return startProxy("""
                [[forward]]
                name   = "web"
                port   = 8080
                target = "wsl:8000"

                [[forward]]
                name     = "iperf"
                protocol = "tcp+udp"
                port     = 5201

                [[forward]]
                name     = "dns"
                protocol = "tcp+udp"
                listen   = ["0.0.0.0:53", "[::]:53"]
                target   = "wsl:5300"
                """);
    }

    private Process startProxy(String forwards) throws Exception {
        Path standIn = folder.resolve("wsl-stand-in");
        Files.writeString(
                standIn, "if [ -e '" + running() + "' ]; then ip netns exec " + vm.name() + " hostname -I; fi\n");
        Files.writeString(config(), """
                [wsl]
                command  = ["sh", "%s"]
                interval = "%ds"

                """.formatted(standIn, INTERVAL.toSeconds()) + forwards);
        Process proxy = windows.start(log("proxy"), PROGRAM.toString(), "--config", config().toString());
        Await.until(() -> log().contains("is running"));
        return proxy;
    }

    private String probe() throws Exception {
        return windows.run(PROGRAM.toString(), "probe", "--config", config().toString())
                .orFail()
                .out();
    }

    private String fetch(Family family) throws Exception {
        Path page = folder.resolve("fetched");
        lan.run("curl", "-sS", "-g", "-o", page.toString(), url(family)).orFail();
        return sha256(Files.readAllBytes(page));
    }

    private int fetchStatus(Family family) throws Exception {
        return lan.run("curl", "-s", "-g", "-o", "/dev/null", "--max-time", "2", "-r", "0-9", url(family))
                .status();
    }

    private static String url(Family family) {
        return "http://" + family.inUrl() + ":8080/page";
    }

    private String lookUp(Family family, String transport) throws Exception {
        return lan.run("dig", "+short", "+time=2", "+tries=2", transport, "@" + family.windows, "vm.test")
                .orFail()
                .out()
                .strip();
    }

    private void iperf(Family family, String... options) throws Exception {
        String[] base = {"iperf3", "-c", family.windows, "-t", "1", "--connect-timeout", "2000"};
        String[] command = new String[base.length + options.length];
        System.arraycopy(base, 0, command, 0, base.length);
        System.arraycopy(options, 0, command, base.length, options.length);
        lan.run(command).orFail();
    }

    private Path config() {
        return folder.resolve("proxy.toml");
    }

    /** Is there while the VM runs. */
    private Path running() {
        return folder.resolve("running");
    }

    private String www() {
        return folder.resolve("www").toString();
    }

    private Path log(String program) {
        return folder.resolve(program + ".log");
    }

    private String log() throws IOException {
        return Files.readString(log("proxy"));
    }

    private static String bare(String addressAndPrefix) {
        return addressAndPrefix.substring(0, addressAndPrefix.indexOf('/'));
    }

    private static String uid() throws Exception {
        return Shell.run("id", "-u").out().strip();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
