package io.github.wslproxy.windows.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.wslproxy.testing.FakeRunner;
import io.github.wslproxy.testing.Fuzz;
import io.github.wslproxy.windows.SystemTools;
import io.github.wslproxy.windows.ToolCommand;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** What schtasks, reg and whoami print, and what is written for them. */
@Tag("slow")
public class TaskTextFuzzTest {
    private static final DocumentBuilder XML = xml();

    @Test
    void answersOfTheToolsAreUnderstoodOrNotKnown() {
        Fuzz.from(
                        "<Task><Settings><Enabled>true</Enabled></Settings></Task>",
                        "<Task><Triggers><Enabled>false</Enabled></Triggers><Settings>\n<Enabled> false </Enabled></Settings>",
                        "\"\\wslproxy-me\",\"N/A\",\"Ready\"\r\n",
                        "\"desk\\me\",\"S-1-5-21-1-2-3-1001\"\r\n\"x\",\"Label\",\"S-1-16-8192\",\"y\"\r\n",
                        "\"javaw.exe\",\"4711\",\"Console\",\"1\",\"30,000 K\"\r\n")
                .with(
                        "<Settings>",
                        "</Settings>",
                        "<Enabled>false</Enabled>",
                        "\"S-1-16-99999999999\"",
                        "\"4711\"",
                        "\",\"")
                .feed(TaskTextFuzzTest::answers);
    }

    @Test
    void aWordComesBackFromTheCommandLineAsItWas() {
        Fuzz.from("C:\\Program Files\\", "a\"b", "\\\\\"", "100% & more", "$(calc); `x`", "")
                .with("\"", "\\", "\\\\", "\\\"", "&", "^", "%PATH%", "|", " ", "\t")
                .feed(TaskTextFuzzTest::word);
    }

    @Test
    void theTaskIsXmlWithTheseTextsAndNoOthers() {
        Fuzz.from("C:\\Users\\Pat & Jo\\proxy.toml", "</Command><Command>calc", "&lt;", "]]>", "<!--")
                .with("<", ">", "&", "\"", "'", "&#0;", "</Arguments>", "%s", "%1$s")
                .feed(TaskTextFuzzTest::task);
    }

    /** A fuzzer that is guided by coverage calls this. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        answers(input);
        word(input);
        task(input);
    }

    private static void answers(byte[] input) {
        for (int exit : new int[] {0, 1}) {
            FakeRunner runner = new FakeRunner();
            runner.alwaysThen(command -> FakeRunner.ended(exit, input));
            SystemTools tools = new SystemTools(runner, tool -> tool, Autostart.TIMEOUT);
            Optional<LogonTask.TaskState> state = new LogonTask(tools, "wslproxy-me").state();
            check(exit == 0 || state.isEmpty(), "known without an answer");
            new RunKey(tools).isSet();
            Account account = Account.of(tools, Map.of("USERNAME", "me"), 4711);
            check(account.sid().orElse("S-1-0").matches("S-1-[0-9-]+"), "no SID: " + account);
        }
    }

    private static void word(byte[] input) {
        String text = new String(input, UTF_8).replace("\0", "");
        List<String> words = words("program " + ToolCommand.quoted(text) + " " + ToolCommand.quoted("last"));
        check(words.equals(List.of("program", text, "last")), "is read as " + words);
    }

    /** Splits a command line as CommandLineToArgvW does. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        boolean begun = false;
        int backslashes = 0;
        for (char character : (line + " ").toCharArray()) {
            if (character == '\\') {
                backslashes++;
                begun = true;
                continue;
            }
            if (character == '"') {
                word.append("\\".repeat(backslashes / 2));
                if (backslashes % 2 == 1) {
                    word.append('"');
                } else {
                    quoted = !quoted;
                }
                begun = true;
            } else {
                word.append("\\".repeat(backslashes));
                if (!quoted && (character == ' ' || character == '\t')) {
                    if (begun) {
                        words.add(word.toString());
                    }
                    word.setLength(0);
                    begun = false;
                } else {
                    word.append(character);
                    begun = true;
                }
            }
            backslashes = 0;
        }
        return words;
    }

    private static void task(byte[] input) throws Exception {
        // XML 1.0 has no place for these, nor has a path of Windows.
        String text = new String(input, UTF_8).replaceAll("[^\\x20-\\uD7FF\\uE000-\\uFFFD]", "");
        TaskDefinition task = new TaskDefinition(text, new Launch(text, text, Optional.of(text)), true);
        Document document = XML.parse(new ByteArrayInputStream(task.bytes(text)));
        check(first(document, "Command").equals(text), "another program: " + first(document, "Command"));
        check(first(document, "URI").equals("\\" + text), "another name");
        check(document.getElementsByTagName("Exec").getLength() == 1, "another action");
        check(document.getElementsByTagName("Command").getLength() == 1, "another program");
        check(first(document, "RunLevel").equals("LeastPrivilege"), "another level");
    }

    private static String first(Document document, String name) {
        return document.getElementsByTagName(name).item(0).getTextContent();
    }

    private static DocumentBuilder xml() {
        try {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder();
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
