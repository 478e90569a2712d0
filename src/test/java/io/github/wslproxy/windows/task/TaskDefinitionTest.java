package io.github.wslproxy.windows.task;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

class TaskDefinitionTest {
    private static final Path GOLDEN = Path.of("src/test/resources/task/task.xml");
    private static final String NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task";

    /** The elements in the order in which Windows exports them. */
    private static final Map<String, List<String>> ORDER = Map.ofEntries(
            Map.entry("Task", List.of("RegistrationInfo", "Triggers", "Principals", "Settings", "Actions")),
            Map.entry("RegistrationInfo", List.of("Author", "Description", "URI")),
            Map.entry("Triggers", List.of("TimeTrigger", "LogonTrigger")),
            Map.entry("TimeTrigger", List.of("Repetition", "StartBoundary", "Enabled")),
            Map.entry("LogonTrigger", List.of("Enabled", "UserId", "Delay")),
            Map.entry("Repetition", List.of("Interval", "StopAtDurationEnd")),
            Map.entry("Principal", List.of("UserId", "LogonType", "RunLevel")),
            Map.entry(
                    "Settings",
                    List.of(
                            "MultipleInstancesPolicy",
                            "DisallowStartIfOnBatteries",
                            "StopIfGoingOnBatteries",
                            "AllowHardTerminate",
                            "StartWhenAvailable",
                            "RunOnlyIfNetworkAvailable",
                            "IdleSettings",
                            "AllowStartOnDemand",
                            "Enabled",
                            "Hidden",
                            "RunOnlyIfIdle",
                            "WakeToRun",
                            "ExecutionTimeLimit",
                            "Priority",
                            "RestartOnFailure")),
            Map.entry("IdleSettings", List.of("StopOnIdleEnd", "RestartOnIdle")),
            Map.entry("RestartOnFailure", List.of("Interval", "Count")),
            Map.entry("Exec", List.of("Command", "Arguments", "WorkingDirectory")));

    private final TaskDefinition task = new TaskDefinition(Samples.USER, Samples.LAUNCH, true);

    @Test
    void isTheTaskThatIsKnownToBeGood() throws IOException {
        assertThat(task.xml(Samples.TASK))
                .isEqualTo(Files.readString(GOLDEN, UTF_8).replace("\r\n", "\n"));
    }

    @Test
    void itsElementsStandInTheOrderOfTheSchema() throws Exception {
        Document document = parsed();

        ORDER.forEach((name, children) -> {
            Element element =
                    (Element) document.getElementsByTagNameNS(NAMESPACE, name).item(0);
            assertThat(children(element)).as(name).isEqualTo(children);
        });
    }

    @Test
    void whatWindowsReadsIsWhatWasMeant() throws Exception {
        Document document = parsed();

        assertThat(text(document, "Command")).isEqualTo(Samples.LAUNCH.javaw());
        assertThat(text(document, "Arguments")).isEqualTo(Samples.LAUNCH.arguments());
        assertThat(text(document, "WorkingDirectory")).isEqualTo(Samples.LAUNCH.program());
        assertThat(document.getElementsByTagNameNS(NAMESPACE, "UserId").getLength())
                .isEqualTo(2);
        assertThat(text(document, "UserId")).isEqualTo(Samples.USER);
    }

    /** schtasks /Run fires no trigger, and the next logon may be weeks away. */
    @Test
    void itsWatchdogIsAwakeFromTheMomentItIsRegistered() throws Exception {
        Element watchdog = (Element)
                parsed().getElementsByTagNameNS(NAMESPACE, "TimeTrigger").item(0);

        assertThat(LocalDateTime.parse(text(watchdog, "StartBoundary"))).isBefore(LocalDateTime.now(ZoneOffset.UTC));
        assertThat(text(watchdog, "Interval")).isEqualTo("PT5M");
        assertThat(watchdog.getElementsByTagNameNS(NAMESPACE, "Duration").getLength())
                .isZero();
    }

    @Test
    void aTaskThatIsNotToStartYetIsRegisteredDisabled() throws Exception {
        TaskDefinition disabled = new TaskDefinition(Samples.USER, Samples.LAUNCH, false);

        assertThat(disabled.xml(Samples.TASK).lines().map(String::strip))
                .containsOnlyOnce("<Enabled>false</Enabled>")
                .containsSubsequence("<Settings>", "<Enabled>false</Enabled>", "</Settings>");
    }

    @Test
    void theFileIsUtf16WithItsMarkAndTheLineEndsOfWindows() {
        byte[] bytes = task.bytes(Samples.TASK);

        assertThat(bytes).startsWith(0xff, 0xfe, '<', 0, '?', 0);
        assertThat(new String(bytes, UTF_16))
                .startsWith("<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n")
                .isEqualTo(task.xml(Samples.TASK).replace("\n", "\r\n"));
    }

    @Test
    void noNameCanBreakOutOfItsElement() throws Exception {
        Launch launch = new Launch("C:\\<x>&amp;", Samples.LAUNCH.javaw(), Samples.LAUNCH.config());
        TaskDefinition odd = new TaskDefinition("a<b>&'\"]]>c", launch, true);

        Document document = parse(odd.bytes("wslproxy-a&b"));
        assertThat(text(document, "URI")).isEqualTo("\\wslproxy-a&b");
        assertThat(text(document, "UserId")).isEqualTo("a<b>&'\"]]>c");
        assertThat(text(document, "WorkingDirectory")).isEqualTo("C:\\<x>&amp;");
    }

    private Document parsed() throws Exception {
        return parse(task.bytes(Samples.TASK));
    }

    private static Document parse(byte[] bytes) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(bytes));
    }

    private static String text(Element element, String name) {
        return element.getElementsByTagNameNS(NAMESPACE, name).item(0).getTextContent();
    }

    private static String text(Document document, String name) {
        return document.getElementsByTagNameNS(NAMESPACE, name).item(0).getTextContent();
    }

    private static List<String> children(Element element) {
        List<String> names = new ArrayList<>();
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element) {
                names.add(child.getLocalName());
            }
        }
        return names;
    }
}
