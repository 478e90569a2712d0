package io.github.wslproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.wslproxy.doctor.Diagnosis;
import io.github.wslproxy.doctor.FakeEnvironment;
import io.github.wslproxy.doctor.FakeFirewall;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.StatusAnswer;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.windows.PortOwners.HeldPort;
import io.github.wslproxy.windows.firewall.NetworkCategory;
import io.github.wslproxy.windows.task.Account;
import io.github.wslproxy.windows.task.Autostart;
import io.github.wslproxy.wsl.GuestScan;
import io.github.wslproxy.wsl.ProbeReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What people come to the doctor with, and all that is printed then. */
class DoctorStoriesTest {
    private static final Path GOLDEN = Path.of("src/test/resources/doctor");

    private static final Map<String, Consumer<FakeEnvironment>> STORIES = Map.ofEntries(
            Map.entry("all-fine", computer -> {}),
            Map.entry(
                    "configuration-invalid", computer -> computer.config = "[[forward]]\nport = 70000\nnmae = \"x\"\n"),
            Map.entry("not-running", computer -> {
                computer.proxy.status = Optional.of(new StatusAnswer.Nobody());
                computer.owner = Optional.of(new HeldPort(
                        "TCP port 5173 is held by node.exe (pid 4321, on 0.0.0.0)",
                        "end it (taskkill /f /pid 4321), or let the forward listen on another port"));
            }),
            Map.entry("vm-stopped", computer -> {
                computer.probe = ProbeReport.learned(new TargetState.Down("no distribution is running"));
            }),
            Map.entry("no-such-distribution", computer -> {
                computer.probe = ProbeReport.learned(new TargetState.Down("no distribution is running"));
                computer.distributions = Optional.of(List.of());
            }),
            Map.entry("server-on-localhost", computer -> {
                computer.targetRefuses();
                computer.guest = FakeEnvironment.servers("127.0.0.1 ::1");
            }),
            Map.entry("server-behind-localhost", computer -> {
                computer.localhost = true;
                computer.targetRefuses();
                computer.guest = FakeEnvironment.servers("127.0.0.1");
            }),
            Map.entry("port-held", computer -> {
                computer.proxy.listening = Snapshot.ForwardState.FAILED;
                computer.proxy.listeningError =
                        "*:5173: the port is in use by another program, or not allowed by the system";
                computer.owner = Optional.of(new HeldPort(
                        "TCP port 5173 is held by a netsh portproxy rule, which svchost.exe (pid 900, on 0.0.0.0)"
                                + " serves: v4tov4 0.0.0.0:5173 -> 172.30.1.2:5173",
                        "netsh interface portproxy delete v4tov4 listenport=5173 listenaddress=0.0.0.0",
                        true));
            }),
            Map.entry("public-network", computer -> computer.firewall.category = NetworkCategory.PUBLIC),
            Map.entry(
                    "block-rule",
                    computer -> computer.firewall.rules.add(
                            FakeFirewall.block("TCP Query User{1B2C}C:\\Program Files\\Java\\bin\\javaw.exe"))),
            Map.entry("mirrored", computer -> {
                computer.probe = ProbeReport.learned(
                        new TargetState.OnLan("mirrored", IpLiteral.of("127.0.0.1"), "the networking mode says so"));
                computer.proxy.listening = Snapshot.ForwardState.WAITING;
                computer.proxy.listeningError =
                        "*:5173: not needed: in mirrored mode WSL's ports are on the LAN already";
            }),
            Map.entry("nothing-answers", computer -> {
                computer.proxy.status = Optional.of(new StatusAnswer.Unclear("it did not answer within 2000 ms"));
                computer.account = new Account("PC\\u", Optional.empty(), Optional.empty(), Optional.empty());
                computer.autostart = Autostart.AutostartState.NOT_KNOWN;
                computer.guest = new GuestScan.Unreadable("exit 1, nothing");
                computer.firewall.tells = false;
                computer.lan = Optional.empty();
            }));

    static Set<String> stories() {
        return STORIES.keySet();
    }

    private static Diagnosis diagnosis(String story) throws Exception {
        FakeEnvironment computer = new FakeEnvironment();
        Objects.requireNonNull(STORIES.get(story)).accept(computer);
        return computer.examine(Optional.empty());
    }

    private static Path golden(String story) {
        return GOLDEN.resolve(story + ".txt");
    }

    @ParameterizedTest
    @MethodSource("stories")
    void theWalkReadsAsInTheGoldenFile(String story) throws Exception {
        List<String> lines = DoctorView.lines(diagnosis(story));

        assertThat(String.join("\n", lines) + "\n").isEqualTo(Files.readString(golden(story)));
        assertThat(lines).allMatch(line -> line.matches("[ -~]*"));
    }

    @ParameterizedTest
    @MethodSource("stories")
    void theDocumentSaysTheSameInAscii(String story) throws Exception {
        Diagnosis diagnosis = diagnosis(story);

        String document = DoctorJson.of(diagnosis);

        assertThat(document).matches("(?s)[ -~\\n]*");
        JsonObject json = JsonParser.parseString(document).getAsJsonObject();
        assertThat(json.keySet()).containsExactly("version", "config", "broken", "links");
        assertThat(json.getAsJsonArray("links")).hasSameSizeAs(diagnosis.findings());
        assertThat(json.get("broken").isJsonNull())
                .isEqualTo(diagnosis.firstBroken().isEmpty());
        diagnosis.firstBroken().ifPresent(broken -> {
            JsonObject first = json.getAsJsonObject("broken");
            assertThat(first.keySet()).containsExactly("id", "forward", "state", "seen", "cure", "note");
            assertThat(first.get("id").getAsString()).isEqualTo(broken.link().toString());
            assertThat(first.get("state").getAsString()).isEqualTo("broken");
            assertThat(first.get("cure").getAsString()).isNotEmpty();
        });
    }

    @Test
    void thereIsAFileForEachStoryAndNoOther() throws Exception {
        try (var files = Files.list(GOLDEN)) {
            assertThat(files)
                    .containsExactlyInAnyOrderElementsOf(
                            stories().stream().map(DoctorStoriesTest::golden).toList());
        }
    }
}
