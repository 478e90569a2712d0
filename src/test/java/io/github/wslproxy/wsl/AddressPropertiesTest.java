package io.github.wslproxy.wsl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.ConsoleText;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.Fuzz;
import io.github.wslproxy.testing.FakeRunner;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AddressPropertiesTest {
    @Test
    void noAddressIsGivenThatIsNotWrittenInTheOutput() {
        Fuzz.from("172.30.98.229 fd00::2 \n", "fe80::1%5/64|10.0.0.2-", "1.2.3.4\0::ffff:1.2.3.4\r\n")
                .with("0", "255", ".", ":", "::", "/", "%", "|", "-", "af", "\0", "\r", "127.0.0.1")
                .feed(AddressPropertiesTest::check);
    }

    private static void check(byte[] output) {
        FakeRunner runner = new FakeRunner().then(FakeRunner.ended(0, output));
        WslProbe probe = new CommandProbe(
                List.of("probe"),
                Duration.ofSeconds(1),
                Optional::empty,
                false,
                runner,
                () -> Samples.NAT,
                Optional::of);

        TargetState state = probe.probe(WslProbe.Depth.FULL).state();

        if (state instanceof TargetState.Up up) {
            assertThat(literalsIn(ConsoleText.decode(output))).containsAll(up.addresses());
        }
    }

    private static List<InetAddress> literalsIn(String text) {
        return Arrays.stream(text.split("[^0-9A-Za-z.:%]+"))
                .map(IpLiteral::parse)
                .filter(Objects::nonNull)
                .collect(Collectors.toList());
    }
}
