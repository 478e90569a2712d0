package io.github.wslproxy.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.FakeRunner;
import org.junit.jupiter.api.Test;

class PortProxyRulesTest {
    private static final String REGISTRY = """
            HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\PortProxy\\v4tov4\\tcp
                0.0.0.0/3000    REG_SZ    172.28.176.1/3000
            """;
    private static final String TABLE = """
            侦听 ipv4:                 连接到 ipv4:
            --------------- ----------  --------------- ----------
            *               13333       127.0.0.1       12333
            """;

    private final FakeWindows windows = new FakeWindows();

    @Test
    void theRegistryComesFirst() {
        windows.when("reg query", REGISTRY).when("netsh interface portproxy show all", TABLE);

        assertThat(PortProxyRules.of(windows.tools()).rules())
                .map(PortProxyRule::toString)
                .containsExactly("v4tov4 0.0.0.0:3000 -> 172.28.176.1:3000");
        assertThat(windows.ran()).containsExactly("reg query HKLM\\SYSTEM\\CurrentControlSet\\Services\\PortProxy /s");
    }

    @Test
    void thenNetsh() {
        windows.when("reg query", FakeRunner.ended(1, "ERROR")).when("netsh interface portproxy show all", TABLE);

        assertThat(PortProxyRules.of(windows.tools()).rules())
                .map(PortProxyRule::toString)
                .containsExactly("v4tov4 *:13333 -> 127.0.0.1:12333");
    }

    @Test
    void toolsThatAnswerNothingNameNoRules() {
        assertThat(PortProxyRules.of(windows.tools()).isEmpty()).isTrue();
    }
}
