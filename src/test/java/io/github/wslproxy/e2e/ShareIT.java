package io.github.wslproxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.wslproxy.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A share of the packaged program between a LAN and a VM, each a network namespace. */
@Timeout(180)
class ShareIT {
    private static final String WINDOWS = "192.168.77.10";
    private static final String VM = "172.30.98.229";

    @TempDir
    Path folder;

    private Host windows;
    private Host vm;
    private Host lan;
    private Path config;

    @BeforeEach
    void boot() throws Exception {
        assumeTrue("0".equals(Shell.run("id", "-u").out().strip()), "network namespaces need root");
        for (String program : new String[] {"ip", "curl", "python3"}) {
            assumeTrue(Shell.has(program), program + " is not installed; .ci/run installs it");
        }
        windows = Host.boot("sharewin");
        vm = Host.boot("sharevm");
        lan = Host.boot("sharelan");
        windows.connect("Ethernet", lan, "wlan0");
        windows.address("Ethernet", WINDOWS + "/24");
        lan.address("wlan0", "192.168.77.50/24");
        windows.connect("vEthernet(WSL)", vm, "eth0");
        windows.address("vEthernet(WSL)", "172.30.96.1/20");
        vm.address("eth0", VM + "/20");
        config = folder.resolve("proxy.toml");
        write("web");
    }

    private void write(String name) throws Exception {
        Files.writeString(config, """
                [wsl]
                address = '%s'
                [[forward]]
                name = '%s'
                port = 8081
                """.formatted(VM, name));
    }

    @AfterEach
    void powerOff() throws Exception {
        Host.removeAll(windows, vm, lan);
    }

    private String wslproxy(String line) {
        try {
            return windows.run(Stream.concat(
                                    Stream.of(Program.LAUNCHER.toString()),
                                    Stream.of((line + " --config " + config).split(" ")))
                            .toArray(String[]::new))
                    .orFail()
                    .out();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private int fetched() throws Exception {
        return lan.run("curl", "-s", "-m", "5", "-o", "/dev/null", "http://" + WINDOWS + ":8000/")
                .status();
    }

    @Test
    void thePhoneReachesASharedPortAcrossAReloadUntilItsTimeIsOver() throws Exception {
        vm.start(folder.resolve("server"), "python3", "-m", "http.server", "8000", "--directory", folder.toString());
        windows.start(folder.resolve("log"), Program.LAUNCHER.toString(), "--config", config.toString());
        Await.until(() -> Files.readString(folder.resolve("log")).contains("status: http"));
        assertThat(fetched()).isNotZero();

        assertThat(wslproxy("share 8000 --for 2m"))
                .contains("[share-8000] shares tcp port 8000 for 2m")
                .contains("http://" + WINDOWS + ":8000/\n")
                .contains("It ends at ")
                .doesNotContain("##");
        Await.until(() -> fetched() == 0);
        assertThat(wslproxy("share --list")).contains("share-8000", "http://" + WINDOWS + ":8000/");
        assertThat(wslproxy("urls share-8000")).endsWith("http://" + WINDOWS + ":8000/\n");
        assertThat(wslproxy("urls"))
                .contains("http://" + WINDOWS + ":8081/")
                .contains("REACT_NATIVE_PACKAGER_HOSTNAME=" + WINDOWS)
                .doesNotContain("172.30.96.1");

        write("renamed");
        Await.until(() -> wslproxy("status").contains("renamed "));
        assertThat(wslproxy("status")).containsPattern("share-8000 +listening .* share, \\w+ left");
        assertThat(fetched()).isZero();

        wslproxy("share 8000 --for 10s");
        Await.until(() -> fetched() != 0);
        assertThat(wslproxy("status"))
                .contains("[share-8000] is no longer shared: its time is over")
                .doesNotContainPattern("share-8000 +listening");
        assertThat(wslproxy("share --list")).isEqualTo("Nothing is shared.\n");
    }
}
