package io.github.wslproxy.windows;

import io.github.wslproxy.forward.PortRange;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@code netsh int ipv4 show excludedportrange} prints. The heads are localized, the rows are numbers. */
final class ExcludedRangeText {
    private static final Pattern ROW = Pattern.compile("\\s*(\\d{1,5})\\s+(\\d{1,5})\\s*(\\*)?\\s*");

    private ExcludedRangeText() {}

    /**
     * The ranges that no program can bind. Those with an asterisk, which an administrator has set, are left out: they
     * keep Windows from handing the port out and let a program bind it, which is what makes them the cure for the
     * others (docker/for-win#3171).
     */
    static List<PortRange> closed(String output) {
        return output.lines().flatMap(line -> closedRange(line).stream()).toList();
    }

    private static Optional<PortRange> closedRange(String line) {
        Matcher row = ROW.matcher(line);
        if (!row.matches() || row.group(3) != null) {
            return Optional.empty();
        }
        int first = Integer.parseInt(row.group(1));
        int last = Integer.parseInt(row.group(2));
        boolean range = first <= last && last <= PortRange.MAX_PORT;
        return range ? Optional.of(new PortRange(first, last)) : Optional.empty();
    }
}
