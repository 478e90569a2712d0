package io.github.wslproxy.status;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonParser;
import io.github.wslproxy.testing.Fuzz;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What answers on the port of the status address may be any program; and what is told there may hold any text. */
@Tag("slow")
public class StatusJsonFuzzTest {

    @Test
    void aHostileAnswerIsRefusedOrHarmless() {
        Fuzz.from(
                        StatusSamples.json(
                                StatusSamples.of(StatusSamples.listening("vite"), StatusSamples.failed("no"))),
                        "{\"version\":\"9\",\"target\":{},\"forwards\":[{\"name\":\"a\",\"listen\":[],\"state\":\"waiting\"}]}")
                .with(
                        "{",
                        "}",
                        "[",
                        "]",
                        "null",
                        "true",
                        "1e999999999",
                        "\"\\u001b[2J\"",
                        "\"\\u202e\"",
                        "\\ud800",
                        "-")
                .with(
                        "\"target\":",
                        "\"version\":",
                        "\"listen\":",
                        "\"since\":",
                        "\"state\":\"listening\"",
                        "NaN",
                        "/*")
                .feed(StatusJsonFuzzTest::answer);
    }

    @Test
    void whateverIsToldStaysText() {
        Fuzz.from(StatusSamples.NASTY, "vite", "x\"} 1\nwslproxy_forward_up{forward=\"y", "]]>")
                .with("<", ">", "&", "\"", "'", "\\", "\n", "\r", "}", "{", "\u2028", "javascript:")
                .feed(StatusJsonFuzzTest::told);
    }

    /** For a fuzzer that is guided by coverage. */
    public static void fuzzerTestOneInput(byte[] input) {
        answer(input);
        told(input);
    }

    private static void answer(byte[] input) {
        StatusAnswer answer = StatusClient.parse(new String(input, UTF_8));
        if (answer instanceof StatusAnswer.Running running) {
            String all = running.snapshot().toString();
            check(all.codePoints().noneMatch(StatusJsonFuzzTest::isOdd), "not fit for a terminal: " + all);
        } else {
            check(answer instanceof StatusAnswer.Unclear, "nobody? " + answer);
            check(((StatusAnswer.Unclear) answer).what().length() < 200, "a long story: " + answer);
        }
    }

    private static void told(byte[] input) {
        String text = new String(input, UTF_8);
        Snapshot snapshot = StatusSamples.of(StatusSamples.failed(text), StatusSamples.listening(text));
        String json = StatusSamples.json(snapshot);
        String name = JsonParser.parseString(json)
                .getAsJsonObject()
                .getAsJsonArray("forwards")
                .get(0)
                .getAsJsonObject()
                .get("name")
                .getAsString();
        check(name.equals(text), "comes back as " + name);
        check(json.chars().noneMatch(c -> c < ' ' && c != '\n'), "a control character in JSON");
        String metrics = StatusMetrics.of(snapshot, null).text();
        String plain = StatusMetrics.of(StatusSamples.of(StatusSamples.failed("x"), StatusSamples.listening("x")), null)
                .text();
        check(count(metrics, '\n') == count(plain, '\n'), "lines of their own in the metrics");
        check(Arrays.stream(metrics.split("\n", -1)).allMatch(StatusJsonFuzzTest::isMetric), "no metrics: " + metrics);
    }

    /** Of the text format of Prometheus: a remark, or a name, labels in quotes and a number. */
    private static boolean isMetric(String line) {
        return line.isEmpty()
                || line.startsWith("# ")
                || line.matches(
                        "(?s)[a-z_]+(?:\\{(?:[a-z]+=\"[a-z]+\",)?[a-z]+=\"(?:[^\"\\\\]|\\\\[\\\\n\"])*+\"})? \\d+(?:\\.\\d+(?:E\\d+)?)?");
    }

    private static long count(String text, char character) {
        return text.chars().filter(c -> c == character).count();
    }

    private static boolean isOdd(int character) {
        return Character.isISOControl(character)
                || Character.getType(character) == Character.FORMAT
                || Character.getType(character) == Character.SURROGATE
                || character == 0x2028
                || character == 0x2029;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
