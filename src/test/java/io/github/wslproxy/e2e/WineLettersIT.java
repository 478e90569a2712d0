package io.github.wslproxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** A Polish user on a Windows of western Europe: the code page of its Java, 1252, has no crossed-out L. */
@ExtendWith(OnWine.class)
@Timeout(180)
class WineLettersIT {
    private static final String PROFILE = "C:\\users\\\u0141ukasz \u017b\u00f3\u0142wi\u0144ski";
    private static final String PROGRAM = PROFILE + "\\AppData\\Local\\Programs\\wslproxy";
    private static final String DEFAULT_CONFIG = PROFILE + "\\AppData\\Roaming\\wslproxy\\proxy.toml";
    private static final String IN_PROFILE = "C:\\windows\\temp\\in-profile.cmd";

    @TempDir
    Path folder;

    private final WineNetwork network;
    private final Wine windows;

    WineLettersIT(WineNetwork network) {
        this.network = network;
        this.windows = network.windows();
    }

    @BeforeEach
    void unpack() throws Exception {
        copy(windows.file(network.program()), windows.file(PROGRAM));
        List<String> caller = List.of(
                "@set \"APPDATA=%PROFILE%\\AppData\\Roaming\"",
                "@set \"LOCALAPPDATA=%PROFILE%\\AppData\\Local\"",
                "@set \"WSLPROXY_JAVA=" + windows.java() + "\"",
                "@cd /d \"%PROFILE%\"",
                "@%*");
        Files.write(windows.file(IN_PROFILE), caller, Wine.CONSOLE);
        windows.writeAsNotepad(DEFAULT_CONFIG, "[wsl]\naddress = '192.0.2.1'\n[[forward]]\nport = 8080\n");
    }

    @AfterEach
    void remove() throws Exception {
        Shell.run("rm", "-rf", windows.file(PROFILE).toString()).orFail();
    }

    @Test
    void theLauncherStartsJavaByTheShortNameOfItsFolder() throws Exception {
        assertThat(run("--version").orFail().out()).startsWith("wslproxy ");
        assertThat(run("check").orFail().out()).contains("is valid");
    }

    @Test
    void theTaskFindsTheConfigurationOfTheProfile() throws Exception {
        Document task = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(
                        new StringReader(run("install", "--dry-run").orFail().out())));
        Path log = windows.file(PROFILE + "\\AppData\\Local\\wslproxy\\logs\\wslproxy.log");
        String line = "C:\\windows\\temp\\task.txt";
        Files.writeString(
                windows.file(line), text(task, "Command") + "\n" + text(task, "Arguments") + "\nC:\\windows\n");

        try (WineProgram program = WineProgram.startBy(network, folder, words(Stream.of("as-task.exe", line)))) {
            program.await(() -> Files.exists(log) && Files.readString(log).contains("is running"));
            assertThat(run("stop").orFail().out()).contains("stopped");
        }
        network.assertNothingIsLeft();
    }

    @Test
    void aConfigurationThatTheTaskCouldNotNameIsRefused() throws Exception {
        Files.copy(windows.file(DEFAULT_CONFIG), windows.file(PROFILE + "\\other.toml"));

        Shell.Result refused = run("install", "--dry-run", "--config", "other.toml");

        refused.orFailUnless(1);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).startsWith("wslproxy: not installed: ").contains("(U+0141)", "move it");
    }

    private Shell.Result run(String... arguments) throws Exception {
        return windows.run(words(Stream.concat(Stream.of(PROGRAM + "\\wslproxy.cmd"), Stream.of(arguments))));
    }

    /** Runs a program in that profile. Wine itself sets these variables anew for each program that is started from here. */
    private static String[] words(Stream<String> command) {
        return Stream.concat(Stream.of("PROFILE=" + PROFILE, IN_PROFILE), command)
                .toArray(String[]::new);
    }

    private static String text(Document definition, String element) {
        return definition.getElementsByTagName(element).item(0).getTextContent();
    }

    private static void copy(Path from, Path to) throws Exception {
        Files.createDirectories(to.getParent());
        Shell.run("cp", "-r", from.toString(), to.toString()).orFail();
    }
}
