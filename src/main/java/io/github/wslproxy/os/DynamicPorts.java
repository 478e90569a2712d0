package io.github.wslproxy.os;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ports that the system gives to sockets that do not ask for one, such as outgoing connections (RFC 6335 §6).
 *
 * @param first the lowest
 * @param last the highest
 * @param isDefault whether it is what systems have by default, as this one was not asked
 */
public record DynamicPorts(int first, int last, boolean isDefault) {
    private static final Path LINUX = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final Pattern TWO_NUMBERS = Pattern.compile("\\s*(\\d{1,5})\\s+(\\d{1,5})\\s*");

    /** Windows and macOS have these; to ask Windows would take a start of netsh. */
    private static final DynamicPorts DEFAULT = new DynamicPorts(49_152, 65_535, true);

    public static DynamicPorts ofThisComputer() {
        return OperatingSystem.isWindows() ? DEFAULT : read(LINUX);
    }

    static DynamicPorts read(Path file) {
        // Linux gives the whole of such a file at the first read, and nothing at a second.
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = new byte[64];
            int length = Math.max(0, in.read(content));
            Matcher numbers = TWO_NUMBERS.matcher(new String(content, 0, length, US_ASCII));
            if (numbers.matches()) {
                return new DynamicPorts(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)), false);
            }
            return DEFAULT;
        } catch (IOException notLinux) {
            return DEFAULT;
        }
    }

    public int size() {
        return last - first + 1;
    }

    /** {@code 49152-65535}. */
    public String range() {
        return first + "-" + last;
    }
}
