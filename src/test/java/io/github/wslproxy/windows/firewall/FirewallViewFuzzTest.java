package io.github.wslproxy.windows.firewall;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.testing.Fuzz;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Output of other programs, in any text they may have. */
@Tag("slow")
public class FirewallViewFuzzTest {
    private static final String STATE = """
            rule local r1 v2.30%7CAction=Block%7CActive=TRUE%7CDir=In%7CProtocol=6%7CLPort=80%7CRA4=10.0.0.0/8%7CName=x%7C
            rule policy r2 v2.30%7CAction=Allow%7CActive=TRUE%7CDir=In%7CApp=%25ProgramFiles%25%5Ca.exe%7CRA42=IntErnet%7C
            profile Domain True Block True True
            profile Private True NotConfigured True NotConfigured
            profile Public True Block True True
            network 7 Home%20net Private
            address 7 192.168.1.20
            end
            """;

    @Test
    void aStateIsWholeOrNotKnown() {
        Fuzz.from(STATE, "end\n", "profile Public True Block True True\nend\n")
                .with("%", "%7C", "%zz", "rule ", "local ", "LPort=", "LPort2_10=1-2", "LPort=99999", "RA4=", "RA62=")
                .with(
                        "1.2.3.4/ffff::",
                        "10.0.0.9-10.0.0.1",
                        "10.0.0.0/255.0.255.0",
                        "Profile=Public",
                        "Platform=",
                        "end\n")
                .feed(FirewallViewFuzzTest::state);
    }

    @Test
    void aRangeIsWhatItsEndsSay() {
        Fuzz.from(
                        "192.168.7.5",
                        "192.168.7.0/24",
                        "10.0.0.0/255.255.0.0",
                        "10.0.0.1-10.0.0.9",
                        "fd00::/8",
                        "LocalSubnet")
                .with("-", "/", "/0", "/33", "/129", "255.0.255.0", "ffff::", "::", "0.0.0.0", "%lo", "::ffff:1.2.3.4")
                .feed(FirewallViewFuzzTest::range);
    }

    /** For a fuzzer that is guided by coverage. */
    public static void fuzzerTestOneInput(byte[] input) {
        state(input);
        range(input);
    }

    private static void state(byte[] input) {
        Optional<FirewallState> read =
                StateText.read(new String(input, UTF_8), name -> Optional.of("C:\\$1\\" + name), Optional.empty());
        if (read.isEmpty()) {
            return;
        }
        check(read.get().profiles().size() == NetworkCategory.values().length, "profiles are missing");
        for (FirewallRule rule : read.get().rules()) {
            check(!rule.protocols().isEmpty() && !rule.profiles().isEmpty(), "a rule about nothing: " + rule);
            check(rule.remote().covers(new RemoteAddresses(List.of())), "does not cover nobody: " + rule);
        }
    }

    private static void range(byte[] input) {
        String text = new String(input, UTF_8);
        Optional<AddressRange> read = AddressRange.read(text);
        if (read.isEmpty()) {
            return;
        }
        AddressRange range = read.get();
        check(range.contains(range), "not in itself: " + range);
        String ends = IpLiteral.text(range.first()) + "-" + IpLiteral.text(range.last());
        check(AddressRange.read(ends).equals(read), "is read back otherwise: " + ends);
        int slash = text.indexOf('/');
        if (slash > 0) {
            BigInteger network =
                    new BigInteger(1, IpLiteral.of(text.substring(0, slash)).getAddress());
            BigInteger first = new BigInteger(1, range.first().getAddress());
            BigInteger size =
                    new BigInteger(1, range.last().getAddress()).subtract(first).add(BigInteger.ONE);
            check(size.bitCount() == 1, "no block: " + range);
            check(first.equals(network.divide(size).multiply(size)), "begins elsewhere: " + range);
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
