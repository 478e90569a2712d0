package io.github.wslproxy.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SyscallsTest {
    @Test
    void straceCountsCallsWithAndWithoutErrors() {
        String summary = """
                % time     seconds  usecs/call     calls    errors syscall
                ------ ----------- ----------- --------- --------- ----------------
                 66.67    0.000012           1        23           close
                 33.33    0.000006           0        34        13 openat
                ------ ----------- ----------- --------- --------- ----------------
                100.00    0.000018           0        57        13 total
                """;

        assertThat(Syscalls.parse(summary)).containsOnlyKeys("close", "openat").containsEntry("openat", 34L);
    }
}
