package io.github.wslproxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/**
 * What {@code install} makes, started as Windows starts it at logon. The Task Scheduler of Wine takes a task and never
 * starts it, so as-task.c stands in; that Windows accepts the XML, and when it starts it, is not shown here.
 */
@ExtendWith(OnWine.class)
@Timeout(180)
class WineTaskIT {
    private static final String CONFIG = "C:\\users\\J\u00f6rg M\u00fcller\\AppData\\Roaming\\wslproxy\\proxy.toml";
    private static final String STATE = "AppData\\Local\\wslproxy";
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(15);

    @TempDir
    Path folder;

    private final WineNetwork network;
    private final Wine windows;

    WineTaskIT(WineNetwork network) {
        this.network = network;
        this.windows = network.windows();
    }

    @BeforeEach
    void startVm() throws Exception {
        network.startVm(folder);
        network.wsl().runsAt(WineNetwork.VM_ADDRESS + " 172.17.0.1");
        windows.writeAsNotepad(CONFIG, "[[forward]]\nport = 8080\ntarget = 'wsl:8000'\n");
    }

    @AfterEach
    void powerOff() throws Exception {
        network.vm().killPrograms();
    }

    @Test
    void theTaskRunsItInTheBackgroundAndItsHardEndLeavesNothing() throws Exception {
        network.run("install", "--no-start", "--config", CONFIG).orFail();
        String xml =
                network.run("install", "--dry-run", "--config", CONFIG).orFail().out();
        Document definition =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
        Path task = windows.file("C:\\windows\\system32\\tasks" + text(definition, "URI"));
        assertThat(task).exists().hasFileName("wslproxy-" + System.getProperty("user.name"));
        String command = text(definition, "Command");
        String arguments = text(definition, "Arguments");
        String workingDirectory = text(definition, "WorkingDirectory");
        assertThat(command).endsWith("\\javaw.exe");

        try (WineProgram program = startAsWindowsDoes(command, arguments, workingDirectory)) {
            program.await(() -> fetch() == 0);
            assertThat(program.out()).isEmpty();
            assertThat(log()).contains("WSL is at " + WineNetwork.VM_ADDRESS);

            program.kill();
            program.awaitEnd(STOPS_WITHIN);
            network.assertNothingIsLeft();
            assertThat(fetch()).as("connection refused").isEqualTo(7);
        }
        try (WineProgram again = startAsWindowsDoes(command, arguments, workingDirectory)) {
            again.await(() -> fetch() == 0);

            Shell.Result second = network.run("--config", CONFIG);
            second.orFailUnless(1);
            assertThat(second.err()).containsPattern("pid \\d+");

            String before = log();
            assertThat(startAsWindowsDoes(command, arguments, workingDirectory).awaitEnd(STOPS_WITHIN))
                    .as("the watchdog")
                    .isZero();
            assertThat(log()).isEqualTo(before);

            network.run("stop", "--config", CONFIG).orFail();
            assertThat(again.awaitEnd(STOPS_WITHIN)).isZero();
            network.assertNothingIsLeft();
        }
        network.run("uninstall", "--config", CONFIG).orFail();
        assertThat(task).doesNotExist();
    }

    @Test
    void theRunKeyStartsItToo() throws Exception {
        network.run("install", "--run-key", "--no-start", "--config", CONFIG).orFail();
        String value = windows.registryValue("HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run", "wslproxy");
        String[] commandAndArguments = value.substring(1).split("\" ", 2);

        try (WineProgram program =
                startAsWindowsDoes(commandAndArguments[0], commandAndArguments[1], "C:\\windows\\system32")) {
            program.await(() -> fetch() == 0);

            assertThat(network.run("uninstall", "--config", CONFIG).orFail().out())
                    .contains("Run key is removed");
            program.awaitEnd(STOPS_WITHIN);
            network.assertNothingIsLeft();
        }
    }

    private WineProgram startAsWindowsDoes(String command, String arguments, String workingDirectory) throws Exception {
        String line = "C:\\windows\\temp\\task.txt";
        Files.writeString(windows.file(line), String.join("\n", command, arguments, workingDirectory));
        return WineProgram.startBy(network, folder, "as-task.exe", line);
    }

    private static String text(Document definition, String element) {
        return definition.getElementsByTagName(element).item(0).getTextContent();
    }

    private String log() throws Exception {
        String profile = windows.run("cmd.exe", "/c", "echo %USERPROFILE%")
                .orFail()
                .out()
                .strip();
        return Files.readString(windows.file(profile + "\\" + STATE + "\\logs\\wslproxy.log"));
    }

    /** The status of curl. */
    private int fetch() throws Exception {
        return network.lan()
                .run("curl", "-s", "-o", "/dev/null", "--max-time", "3", "http://" + WineNetwork.LAN_ADDRESS + ":8080/")
                .status();
    }
}
