package io.github.wslproxy.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.wslproxy.testing.Fuzz;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What stands in the file of an instance, which may be cut, old, or of another program. */
@Tag("slow")
public class InstanceTextFuzzTest {

    @Test
    void whatIsReadIsReadBackFromWhatIsWritten() {
        Fuzz.from(
                        "4711\n",
                        "4711\nstarted\nWSL is at 172.30.98.229\nend\n",
                        "4711\nstarted\nhalf",
                        "1\nstarted\nend\nend\n")
                .with("started\n", "end\n", "\n", "999999999999999999", "9999999999999999999", "\u0000", "-")
                .feed(InstanceTextFuzzTest::fuzzerTestOneInput);
    }

    /** For a fuzzer that is guided by coverage. */
    public static void fuzzerTestOneInput(byte[] input) {
        Optional<InstanceText> read = InstanceText.parse(new String(input, UTF_8).replace("\0", ""));
        if (read.isPresent()) {
            check(read.get().pid() >= 0, "pid " + read.get().pid());
            Optional<InstanceText> again = InstanceText.parse(read.get().format());
            check(again.equals(read), read + " is read back as " + again);
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
