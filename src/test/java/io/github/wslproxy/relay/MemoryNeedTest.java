package io.github.wslproxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.TotalLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MemoryNeedTest {
    private static final long MIB = 1 << 20;
    private static final TotalLimits DEFAULTS = new TotalLimits(8192, 1024, 4096, 1000);

    @Test
    void theDefaultsFitIntoWhatTheProgramIsStartedWith() throws Exception {
        Matcher option = Pattern.compile("(?m)^-XX:MaxDirectMemorySize=(\\d+)m$")
                .matcher(Files.readString(Path.of("dist/jvm.options")));
        assertThat(option.find()).isTrue();
        long max = Long.parseLong(option.group(1)) * MIB;

        assertThat(MemoryNeed.worst(DEFAULTS, max, 2)).isBetween(max / 2, max);
        assertThat(MemoryNeed.warning(DEFAULTS, max, 2)).isEmpty();
    }

    @Test
    void moreLinksThanTheMemorySufficesForAreSaidWithWhatWouldDo() {
        assertThat(MemoryNeed.warning(new TotalLimits(20_000, 1024, 4096, 1000), 64 * MIB, 2))
                .contains("max_connections = 20000 in [limits] may need 103 MiB of direct memory, Java permits 64 MiB;"
                        + " new clients are refused when it runs short: set max_connections to 10020 or less, or"
                        + " -XX:MaxDirectMemorySize (jvm.options) to 128m and -Xmx to 112m or more");
    }

    @Test
    void whatItRecommendsIsEnough() {
        for (int links : new int[] {12_000, 20_000, 100_000, 1_000_000}) {
            TotalLimits limits = new TotalLimits(links, 1024, 4096, 1000);
            String said = MemoryNeed.warning(limits, 64 * MIB, 2).orElseThrow();
            Matcher figures =
                    Pattern.compile("to (\\d+) or less.* to (\\d+)m and").matcher(said);
            assertThat(figures.find()).as(said).isTrue();

            TotalLimits fewer = new TotalLimits(Integer.parseInt(figures.group(1)), 1024, 4096, 1000);
            assertThat(MemoryNeed.warning(fewer, 64 * MIB, 2)).isEmpty();
            assertThat(MemoryNeed.warning(limits, Long.parseLong(figures.group(2)) * MIB, 2))
                    .isEmpty();
        }
    }

    @Test
    void aFewLinksNeedLittle() {
        assertThat(MemoryNeed.worst(new TotalLimits(1, 1, 1, 0), 64 * MIB, 2)).isEqualTo(4 * MIB + 128 * 1024);
    }

    @Test
    void sessionsNeedNone() {
        assertThat(MemoryNeed.worst(new TotalLimits(1, 1, 1_000_000, 0), 64 * MIB, 2))
                .isEqualTo(MemoryNeed.worst(new TotalLimits(1, 1, 1, 0), 64 * MIB, 2));
    }
}
