package io.github.wslproxy.windows.task;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /** As windows.md 3.3 has them, which is as Windows exports them. */
    private static final Map<String, List<String>> ORDER = Map.of(
            "Task", List.of("RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"),
            "RegistrationInfo", List.of("Author", "Description", "URI"),
            "Triggers", List.of("LogonTrigger"),
            "LogonTrigger", List.of("Repetition", "Enabled", "UserId", "Delay"),
            "Repetition", List.of("Interval", "StopAtDurationEnd"),
            "Principal", List.of("UserId", "LogonType", "RunLevel"),
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
                            "RestartOnFailure"),
            "IdleSettings", List.of("StopOnIdleEnd", "RestartOnIdle"),
            "RestartOnFailure", List.of("Interval", "Count"),
            "Exec", List.of("Command", "Arguments", "WorkingDirectory"));

    private final TaskDefinition task = new TaskDefinition(Samples.USER, Samples.LAUNCH, Samples.LOCAL);

    @Test
    void isTheTaskThatIsKnownToBeGood() throws IOException {
        assertThat(task.xml()).isEqualTo(Files.readString(GOLDEN, UTF_8).replace("\r\n", "\n"));
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
        assertThat(text(document, "WorkingDirectory")).isEqualTo(Samples.LOCAL);
        assertThat(document.getElementsByTagNameNS(NAMESPACE, "UserId").getLength())
                .isEqualTo(2);
        assertThat(text(document, "UserId")).isEqualTo(Samples.USER);
    }

    @Test
    void theFileIsUtf16WithItsMarkAndTheLineEndsOfWindows() {
        byte[] bytes = task.bytes();

        assertThat(bytes).startsWith(0xff, 0xfe, '<', 0, '?', 0);
        assertThat(new String(bytes, UTF_16))
                .startsWith("<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n")
                .isEqualTo(task.xml().replace("\n", "\r\n"));
    }

    @Test
    void noNameCanBreakOutOfItsElement() throws Exception {
        TaskDefinition odd = new TaskDefinition("a<b>&'\"]]>c", Samples.LAUNCH, "C:\\<x>&amp;");

        Document document = parse(odd.bytes());
        assertThat(text(document, "UserId")).isEqualTo("a<b>&'\"]]>c");
        assertThat(text(document, "WorkingDirectory")).isEqualTo("C:\\<x>&amp;");
    }

    private Document parsed() throws Exception {
        return parse(task.bytes());
    }

    private static Document parse(byte[] bytes) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(bytes));
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
