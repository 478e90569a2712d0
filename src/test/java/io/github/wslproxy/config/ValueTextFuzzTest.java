package io.github.wslproxy.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.wslproxy.config.ValueParser.InvalidValue;
import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.Durations;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.SafeText;
import io.github.wslproxy.testing.Fuzz;
import java.math.BigInteger;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The values in quotes: each is read as a second, simpler reader reads it, or comes back from what it is printed as.
 */
@Tag("slow")
public class ValueTextFuzzTest {
    private static final Duration MOST = Duration.ofHours(999_999_999)
            .plusMinutes(999_999_999)
            .plusSeconds(999_999_999)
            .plusMillis(999_999_999);

    private static final List<InetAddress> CLIENTS = List.of(
            IpLiteral.of("0.0.0.0"),
            IpLiteral.of("10.0.0.1"),
            IpLiteral.of("127.0.0.1"),
            IpLiteral.of("172.31.255.255"),
            IpLiteral.of("192.168.1.7"),
            IpLiteral.of("255.255.255.255"),
            IpLiteral.of("::"),
            IpLiteral.of("::1"),
            IpLiteral.of("fd00::1"),
            IpLiteral.of("fe80::1"),
            IpLiteral.of("2001:db8::7"),
            IpLiteral.of("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));

    @Test
    void aDurationIsTheSumOfItsUnits() {
        Fuzz.from("5s", "250ms", "2h5m", "0s", "1h2m3s4ms", "999999999h999999999m999999999s999999999ms")
                .with("h", "m", "s", "ms", "1000000000", "00", ".", "e", "-", "+")
                .feed(ValueTextFuzzTest::duration);
    }

    @Test
    void anEndpointIsReadBackFromWhatItIsPrintedAs() {
        Fuzz.from("wsl:5173", "0.0.0.0:8000-8010", "[::]:53", "[fe80::1%lo]:1", "localhost.:80", "[::ffff:1.2.3.4]:9")
                .with(
                        ":",
                        "[",
                        "]",
                        "-",
                        ".",
                        "wsl",
                        "WSL",
                        "localhost",
                        "::",
                        "ffff:",
                        "1.2.3.4",
                        "_",
                        "%lo",
                        "*",
                        "/")
                .feed(ValueTextFuzzTest::endpoint);
    }

    @Test
    void aBlockHoldsWhatItsLeadingBitsSay() {
        Fuzz.from("private", "loopback", "any", "192.168.1.0/24", "fd00::/8", "::ffff:10.0.0.0/104", "10.0.0.1", "::/0")
                .with("/", "/32", "/128", "/0", "/96", "::", "ffff:", ".", ":", "%lo", "0.0.0.0")
                .feed(ValueTextFuzzTest::block);
    }

    /** A fuzzer that is guided by coverage calls this. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        duration(input);
        endpoint(input);
        block(input);
    }

    private static void duration(byte[] input) {
        String text = new String(input, UTF_8);
        Optional<Duration> read = Durations.parse(text);
        check(read.equals(summed(text)), "read as " + read + ", is " + summed(text));
        if (read.isPresent()) {
            Duration value = read.get();
            check(!value.isNegative() && value.compareTo(MOST) <= 0, "out of bounds: " + value);
            check(value.toMillis() >= 0, "no milliseconds");
            check(
                    value.toHours() > 999_999_999
                            || Durations.parse(Durations.format(value)).equals(read),
                    "not read back: " + Durations.format(value));
        }
    }

    /** Unit after unit, each at most once, the larger ones first. */
    private static Optional<Duration> summed(String text) {
        Duration sum = Duration.ZERO;
        String rest = text;
        for (String unit : List.of("h", "m", "s", "ms")) {
            int digits = 0;
            while (digits < rest.length() && rest.charAt(digits) >= '0' && rest.charAt(digits) <= '9') {
                digits++;
            }
            String found = letters(rest.substring(digits));
            if (digits < 1 || digits > 9 || !found.equals(unit)) {
                continue;
            }
            long count = Long.parseLong(rest.substring(0, digits));
            rest = rest.substring(digits + unit.length());
            sum = sum.plus(
                    switch (unit) {
                        case "h" -> Duration.ofHours(count);
                        case "m" -> Duration.ofMinutes(count);
                        case "s" -> Duration.ofSeconds(count);
                        default -> Duration.ofMillis(count);
                    });
        }
        return rest.isEmpty() && !text.isEmpty() ? Optional.of(sum) : Optional.empty();
    }

    private static String letters(String text) {
        int end = 0;
        while (end < text.length() && Character.isLetter(text.charAt(end))) {
            end++;
        }
        return text.substring(0, end);
    }

    private static void endpoint(byte[] input) throws Exception {
        String text = new String(input, UTF_8);
        Endpoint read;
        try {
            read = EndpointParser.parse(text);
        } catch (InvalidValue refused) {
            checkRefusal(refused);
            return;
        }
        check(read.ports().first() >= 1, "port 0");
        check(!(read.host() instanceof Host.Everywhere), "everywhere is not written");
        String printed = read.toString();
        check(printed.chars().allMatch(c -> c > ' ' && c <= '~'), "not fit for a console: " + printed);
        Endpoint again = EndpointParser.parse(printed);
        check(again.equals(read), printed + " is read as " + again);
        check(again.toString().equals(printed), printed + " is printed as " + again);
    }

    private static void block(byte[] input) {
        String text = new String(input, UTF_8);
        List<AddressBlock> read;
        try {
            read = AccessParser.parse(text);
        } catch (InvalidValue refused) {
            checkRefusal(refused);
            return;
        }
        check(!read.isEmpty(), "no block");
        for (AddressBlock block : read) {
            for (InetAddress client : CLIENTS) {
                check(block.contains(client) == shares(block, client), block + " and " + client);
            }
            check(block.contains(block.network()), block + " without its own network");
        }
    }

    private static boolean shares(AddressBlock block, InetAddress client) {
        byte[] network = block.network().getAddress();
        byte[] address = client.getAddress();
        int rest = network.length * Byte.SIZE - block.prefix();
        return network.length == address.length
                && new BigInteger(1, network).shiftRight(rest).equals(new BigInteger(1, address).shiftRight(rest));
    }

    private static void checkRefusal(InvalidValue refused) {
        String said = refused.complaint() + refused.expected();
        check(said.length() < 2000, "a long story");
        check(said.codePoints().noneMatch(SafeText::isUnprintable), "not fit for a console: " + said);
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
