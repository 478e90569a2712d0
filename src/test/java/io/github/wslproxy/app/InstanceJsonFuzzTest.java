package io.github.wslproxy.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.wslproxy.testing.Fuzz;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The text in the file of an instance may be cut, old, or of another program. */
@Tag("slow")
public class InstanceJsonFuzzTest {

    @Test
    void whatIsReadIsReadBackFromWhatIsWritten() {
        Fuzz.from(
                        "4711\n",
                        "4711\nstarted\nhalf",
                        "{\"pid\":4711,\"config\":\"/proxy.toml\"}\n",
                        "{\"pid\":1,\"started\":{\"status\":\"[::1]:9797\","
                                + "\"tcp\":[[1,2]],\"udp\":[],\"table\":[\"a\"]}}\n")
                .with("\n", "null", "{}", "[]", "9999999999999999999", "65536", "\u0000", "-", "1e3", "\"\\ud800\"")
                .feed(InstanceJsonFuzzTest::fuzzerTestOneInput);
    }

    /** For a fuzzer that is guided by coverage. */
    public static void fuzzerTestOneInput(byte[] input) {
        Optional<RunningInstance> read = InstanceJson.read(new String(input, UTF_8).replace("\0", ""));
        if (read.isPresent()) {
            check(read.get().pid() > 0, "pid " + read.get().pid());
            Optional<RunningInstance> again = InstanceJson.read(InstanceJson.write(read.get()));
            check(again.equals(read), read + " is read back as " + again);
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
