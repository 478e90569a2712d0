package io.github.wslproxy.wsl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.ConsoleText;
import io.github.wslproxy.testing.Case;
import io.github.wslproxy.testing.FakeRunner;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

@Case(25)
class AddressPropertiesTest {
    private static final String SEED = "20261122";

    @Property(tries = 500, seed = SEED)
    void randomBytesGiveNoAddressThatIsNotWrittenInThem(@ForAll byte[] output) {
        check(output);
    }

    @Property(tries = 500, seed = SEED)
    void randomUtf16GivesNoAddressThatIsNotWrittenInIt(@ForAll String output) {
        check(Samples.utf16(output));
    }

    @Property(tries = 500, seed = SEED)
    void almostAddressesGiveNoAddressThatIsNotWrittenInThem(@ForAll("almostAddresses") String output) {
        check(output.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Provide
    Arbitrary<String> almostAddresses() {
        return Arbitraries.strings().withChars("0123456789.:/af \n\0\r|-%").ofMaxLength(60);
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

        ProbeOutcome outcome = probe.probe(WslProbe.Depth.FULL).outcome();

        if (outcome instanceof ProbeOutcome.Found found) {
            assertThat(literalsIn(ConsoleText.decode(output))).contains(found.address());
        }
    }

    private static List<InetAddress> literalsIn(String text) {
        return Arrays.stream(text.split("[\\s/]+"))
                .map(IpLiteral::parse)
                .filter(Objects::nonNull)
                .collect(Collectors.toList());
    }
}
