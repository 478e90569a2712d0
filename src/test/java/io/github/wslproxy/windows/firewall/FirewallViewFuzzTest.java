package io.github.wslproxy.windows.firewall;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.testing.Fuzz;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** FirewallOutput of other programs, in any text they may have; and texts of ours, which PowerShell must read as they are. */
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

    @Test
    void aLiteralOfPowerShellIsReadBackAsItWas() {
        Fuzz.from("C:\\Program Files\\a.exe", "Pat's $x", "C:\\Users\\J\u00f6rg\\\"`$([char]1)", "\u2018\u2019\u201c")
                .with("'", "''", "\"", "`", "$", "$(", ")", "\n", "\u2019", "[", "*")
                .feed(FirewallViewFuzzTest::literal);
    }

    /** For a fuzzer that is guided by coverage. */
    public static void fuzzerTestOneInput(byte[] input) {
        state(input);
        range(input);
        literal(input);
    }

    private static void state(byte[] input) {
        Optional<FirewallState> read = StateText.read(new String(input, UTF_8), name -> Optional.of("C:\\$1\\" + name));
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

    private static void literal(byte[] input) {
        String text = new String(input, UTF_8);
        String quoted = PowerShell.quoted(text);
        check(quoted.chars().allMatch(c -> c >= ' ' && c <= '~'), "not ASCII: " + quoted);
        check(unquoted(quoted).equals(text), quoted + " is read as " + unquoted(quoted));
    }

    /**
     * As PowerShell reads it: about_Quoting_FirewallOutput, about_Special_Characters; fails if anything stands behind its end.
     */
    private static String unquoted(String literal) {
        StringBuilder text = new StringBuilder();
        char quote = literal.charAt(0);
        int i = 1;
        while (true) {
            char character = literal.charAt(i);
            if (character == quote) {
                if (i == literal.length() - 1) {
                    return text.toString();
                }
                check(quote == '\'' && literal.charAt(i + 1) == '\'', "ends early: " + literal);
                text.append('\'');
                i += 2;
            } else if (quote == '"' && character == '`') {
                text.append(literal.charAt(i + 1));
                i += 2;
            } else if (quote == '"' && character == '$') {
                int end = literal.indexOf(')', i);
                String code = literal.substring(i, end + 1);
                check(code.matches("\\$\\(\\[char]0x[0-9a-f]{2,4}\\)"), "an expression: " + code);
                text.append((char) Integer.parseInt(code.substring(10, code.length() - 1), 16));
                i = end + 1;
            } else {
                text.append(character);
                i++;
            }
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
