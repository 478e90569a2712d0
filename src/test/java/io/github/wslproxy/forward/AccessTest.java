package io.github.wslproxy.forward;

import static io.github.wslproxy.testing.Forwards.block;
import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AccessTest {

    @Test
    void aClientInAnAllowedBlockMayComeIn() {
        Access access = new Access(List.of(block("10.0.0.0", 8), block("fd00::", 8)), List.of());

        assertThat(access.permits(ip("10.1.2.3"))).isTrue();
        assertThat(access.permits(ip("fd00::1"))).isTrue();
        assertThat(access.permits(ip("11.1.2.3"))).isFalse();
    }

    @Test
    void denyBeatsAllowHoweverNarrowTheAllowedBlockIs() {
        Access access = new Access(List.of(block("192.168.1.7", 32)), List.of(block("192.168.0.0", 16)));

        assertThat(access.permits(ip("192.168.1.7"))).isFalse();
    }

    @Test
    void whereNothingIsAllowedNobodyMayComeIn() {
        assertThat(new Access(List.of(), List.of()).permits(ip("127.0.0.1"))).isFalse();
    }

    @Test
    void anIpv4ClientOfADualStackSocketIsJudgedAsIpv4() {
        Access access = new Access(List.of(block("192.168.0.0", 16)), List.of());

        assertThat(access.permits(ip("::ffff:192.168.1.7"))).isTrue();
        assertThat(access.permits(ip("::ffff:8.8.8.8"))).isFalse();
    }
}
