package io.github.wslproxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.wslproxy.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program's doctor, with a VM and a phone that are network namespaces. */
class DoctorIT {
    private static final String PROGRAM = Program.LAUNCHER.toString();

    @TempDir
    Path folder;

    private Host windows;
    private Host vm;
    private Host phone;

    @BeforeEach
    void boot() throws Exception {
        assumeTrue("0".equals(Shell.run("id", "-u").out().strip()), "network namespaces need root");
        for (String program : new String[] {"ip", "curl", "python3", "hostname"}) {
            assumeTrue(Shell.has(program), program + " is not installed; .ci/run installs it");
        }
        windows = Host.boot("dwin");
        vm = Host.boot("dvm");
        phone = Host.boot("dphone");
        windows.connect("vEthernet(WSL)", vm, "eth0");
        windows.connect("Ethernet", phone, "eth0");
        windows.address("vEthernet(WSL)", "172.30.96.1/20");
        vm.address("eth0", "172.30.98.229/20");
        windows.address("Ethernet", "192.168.77.10/24");
        phone.address("eth0", "192.168.77.50/24");
        Files.writeString(config(), """
                [wsl]
                command  = ["ip", "netns", "exec", "%s", "hostname", "-I"]
                interval = "1s"

                [[forward]]
                name = "web"
                port = 8080

                [[forward]]
                name  = "closed"
                port  = 8081
                deny  = ["192.168.77.50"]
                """.formatted(vm.name()));
        vm.start(folder.resolve("web.log"), "python3", "-m", "http.server", "8080");
        windows.start(folder.resolve("proxy.log"), PROGRAM, "--config", config().toString());
        Await.until(() -> Files.readString(folder.resolve("proxy.log")).contains("is running"));
        Await.until(() -> windows.run("curl", "-s", "-o", "/dev/null", "http://172.30.98.229:8080/")
                        .status()
                == 0);
    }

    @AfterEach
    void powerOff() throws Exception {
        Host.removeAll(windows, vm, phone);
    }

    @Test
    void aPhoneThatComesIsSeenAndOneThatIsRefusedToo() throws Exception {
        assertThat(fromPhone("web", "8080", "30s", 0))
                .contains("http://192.168.77.10:8080/")
                .endsWith("""
                192.168.77.50 connected. If that is the phone, everything works.
                """);

        assertThat(fromPhone("closed", "8081", "3s", 1))
                .contains("192.168.77.50 reached wslproxy and was refused: 192.168.77.50 is in deny of \"closed\" (")
                .contains("take 192.168.77.50, or the block that holds it, out of deny (");
    }

    @Test
    void whatBreaksIsNamed() throws Exception {
        assertThat(windows.run(PROGRAM, "doctor", "web", "--config", config().toString())
                        .orFail()
                        .out())
                .contains("a connection to 192.168.77.10:8080 came through to 172.30.98.229:8080");

        vm.killPrograms();
        Shell.Result broken = windows.run(PROGRAM, "doctor", "web", "--config", config().toString());
        assertThat(broken.status()).isEqualTo(1);
        assertThat(broken.out()).contains("First broken link: forward \"web\", target\n  172.30.98.229:8080 refuses");
    }

    /** The phone tries again and again, as people do, until the doctor has ended. */
    private String fromPhone(String forward, String port, String patience, int status) throws Exception {
        Path out = folder.resolve(forward);
        Process doctor = windows.start(
                out, PROGRAM, "doctor", forward, "--from-phone", "--for", patience, "--config", config().toString());
        Await.until(() -> Files.readString(out).contains("Waiting"));
        while (doctor.isAlive()) {
            phone.run("curl", "-s", "-o", "/dev/null", "--max-time", "2", "http://192.168.77.10:" + port + "/");
            doctor.waitFor(200, TimeUnit.MILLISECONDS);
        }
        assertThat(doctor.exitValue()).isEqualTo(status);
        return Files.readString(out);
    }

    private Path config() {
        return folder.resolve("proxy.toml");
    }
}
