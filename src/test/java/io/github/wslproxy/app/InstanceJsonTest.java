package io.github.wslproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.app.RunningInstance.Started;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceJsonTest {
    private static final String STARTING = "{\"pid\":42,\"config\":\"/home/me/w\u00e4b.toml\"}\n";
    private static final String STARTED = "{\"pid\":42,\"config\":\"/home/me/w\u00e4b.toml\",\"started\":{"
            + "\"status\":\"127.0.0.1:9797\","
            + "\"tcp\":[[5173,5173],[8000,8010]],\"udp\":[],"
            + "\"table\":[\"FORWARD\",\"vite\"]}}\n";

    private static RunningInstance instance(Optional<Started> started) {
        return new RunningInstance(42, Optional.of("/home/me/w\u00e4b.toml"), started);
    }

    @Test
    void whatIsWrittenIsReadBack() throws Exception {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        RunningInstance started = instance(Optional.of(new Started(
                Optional.of(new InetSocketAddress(loopback, 9797)),
                Map.of(
                        Protocol.TCP, List.of(PortRange.of(5173), new PortRange(8000, 8010)),
                        Protocol.UDP, List.of()),
                List.of("FORWARD", "vite"))));

        assertThat(InstanceJson.read(STARTING)).contains(instance(Optional.empty()));
        assertThat(InstanceJson.write(instance(Optional.empty()))).isEqualTo(STARTING);
        assertThat(InstanceJson.read(STARTED)).contains(started);
        assertThat(InstanceJson.read(InstanceJson.write(started))).contains(started);
    }

    @Test
    void whatIsReadWhileItIsWrittenTellsNothing() {
        for (int length = 0; length < STARTED.length() - 1; length++) {
            assertThat(InstanceJson.read(STARTED.substring(0, length))).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"4", "no pid\n\n", "0\n", "-4\n", "{\"pid\":0}\n", "{}", "[]", "{\"pid\":4} {", "{\"pid\":null}"
            })
    void whatNoInstanceHasWrittenTellsNothing(String text) {
        assertThat(InstanceJson.read(text)).isEmpty();
    }

    @Test
    void aFailureIsReadBackAndIsNoInstance() {
        FailedStart failed = new FailedStart(42, "no forward can listen on \"w\u00e4b\"");
        String text = InstanceJson.write(failed);

        assertThat(text).isEqualTo("{\"pid\":42,\"failed\":\"no forward can listen on \\\"w\u00e4b\\\"\"}\n");
        assertThat(InstanceJson.readFailure(text)).contains(failed);
        assertThat(InstanceJson.read(text)).isEmpty();
        for (int length = 0; length < text.length() - 1; length++) {
            assertThat(InstanceJson.readFailure(text.substring(0, length))).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {STARTING, STARTED, "", "4711\nstarted\nend\n", "{\"failed\":\"no pid\"}", "{\"failed\":null}"})
    void whatTellsOfNoFailureIsNone(String text) {
        assertThat(InstanceJson.readFailure(text)).isEmpty();
    }

    @Test
    void anEarlierVersionTellsItsPidOnly() {
        assertThat(InstanceJson.read("4711\nstarted\nFORWARD\nend\n"))
                .contains(new RunningInstance(4711, Optional.empty(), Optional.empty()));
    }
}
