package io.github.wslproxy.windows;

import io.github.wslproxy.os.ConsoleText;
import io.github.wslproxy.windows.PortProxyListing.Rejected;
import io.github.wslproxy.windows.PortProxyRule.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds portproxy rules in text, line by line, in each form in which they are met: {@code reg query}, a .reg export,
 * {@code netsh interface portproxy show all} in any language, {@code netsh interface portproxy dump}, and scripts that
 * add them. Everything else in the text is passed over; a row that should be a rule and is none is kept with the
 * reason.
 */
final class PortProxyText {
    /** In rules the longest are two host names of 253 characters. Patterns must not see a megabyte. */
    private static final int LONGEST_LINE = 1000;

    /** Each is compared with each. */
    private static final int MOST_ROWS = 1000;

    private static final Pattern KEY =
            Pattern.compile("\\[?(-?HK(?:EY_\\w+|LM|CU)\\\\[^\\]]*)]?", Pattern.CASE_INSENSITIVE);
    private static final Pattern PORT_PROXY_KEY =
            Pattern.compile("HK.*\\\\PortProxy\\\\(v[46]tov[46])\\\\tcp", Pattern.CASE_INSENSITIVE);
    private static final Pattern QUERIED = Pattern.compile("(\\S+)\\s+REG_\\w+\\s+(\\S+)");
    private static final Pattern EXPORTED = Pattern.compile("\"([^\"]*)\"=\"([^\"]*)\"");
    private static final Pattern PLACE = Pattern.compile("(.*)/([^/]*)");

    /** The words around them are localized, these two are not. */
    private static final Pattern TABLE_HEAD =
            Pattern.compile("\\D*ipv([46])\\D+ipv([46])\\D*", Pattern.CASE_INSENSITIVE);

    private static final Pattern RULER = Pattern.compile("-{3,}(?:\\s+-{3,})+");
    private static final Pattern TABLE_ROW = Pattern.compile("(\\S+)\\s+(\\S+)\\s+(\\S+)\\s+(\\S+)");
    private static final Pattern ADD =
            Pattern.compile("(?:.*\\s)?(?:add|set)\\s+(v[46]tov[46])(?:\\s+(.*))?", Pattern.CASE_INSENSITIVE);
    private static final Pattern DELETE =
            Pattern.compile("(?:.*\\s)?delete\\s+(v[46]tov[46])\\s+(.*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern RESET = Pattern.compile("(?:.*\\sportproxy\\s+)?reset", Pattern.CASE_INSENSITIVE);
    private static final Pattern REMARK = Pattern.compile("(?:#|::|(?:rem|echo)\\s).*", Pattern.CASE_INSENSITIVE);

    private enum Place {
        ELSEWHERE,
        KEY,
        TABLE_TOP,
        TABLE_ROWS,
        BELOW_TABLE
    }

    private final List<PortProxyRule> rules = new ArrayList<>();
    private final List<Rejected> rejected = new ArrayList<>();
    private Place place = Place.ELSEWHERE;
    private Optional<PortProxyFamily> family = Optional.empty();

    private PortProxyText() {}

    /** Never fails, whatever the bytes are. */
    static PortProxyListing read(byte[] bytes) {
        return read(ConsoleText.decode(bytes));
    }

    static PortProxyListing read(String text) {
        PortProxyText reader = new PortProxyText();
        // A command may go on in the next line: ^ at the end of one in cmd, ` in PowerShell.
        text.replaceAll("[ \t][`^][ \t]*\n", " ")
                .lines()
                .map(String::strip)
                .filter(line -> line.length() <= LONGEST_LINE)
                .takeWhile(line -> !reader.isFull())
                .forEach(reader::line);
        if (reader.isFull()) {
            reader.reject("...", "more than " + MOST_ROWS + " rows; nothing after them was read");
        }
        return new PortProxyListing(reader.rules, reader.rejected);
    }

    private boolean isFull() {
        return rules.size() + rejected.size() >= MOST_ROWS;
    }

    private void line(String line) {
        if (line.isEmpty()) {
            place = place == Place.TABLE_ROWS ? Place.BELOW_TABLE : place;
        } else if (!head(line) && !added(line) && !deleted(line)) {
            switch (place) {
                case KEY -> value(line);
                case TABLE_TOP, TABLE_ROWS, BELOW_TABLE -> tableLine(line);
                case ELSEWHERE -> {}
            }
        }
    }

    /** Whether the line says what the lines below it are. */
    private boolean head(String line) {
        Matcher key = KEY.matcher(line);
        if (key.matches()) {
            Matcher portProxy = PORT_PROXY_KEY.matcher(key.group(1));
            place = Place.KEY;
            family = portProxy.matches() ? PortProxyFamily.of(portProxy.group(1)) : Optional.empty();
            return true;
        }
        Matcher table = TABLE_HEAD.matcher(line);
        if (table.matches()) {
            place = Place.TABLE_TOP;
            family = PortProxyFamily.of("v" + table.group(1) + "tov" + table.group(2));
            return true;
        }
        return false;
    }

    private void value(String line) {
        Matcher queried = QUERIED.matcher(line);
        Matcher exported = EXPORTED.matcher(line);
        if (family.isEmpty() || line.startsWith("(")) {
            return; // Not a portproxy key, or the value without a name, which is called something in parentheses.
        }
        if (queried.matches()) {
            rule(line, queried.group(1), queried.group(2));
        } else if (exported.matches()) {
            rule(line, exported.group(1), exported.group(2));
        } else if (line.contains("REG_") || line.startsWith("\"")) {
            reject(line, "a value that is not ADDRESS/PORT as text");
        }
    }

    private void rule(String line, String name, String data) {
        Matcher listen = PLACE.matcher(name);
        Matcher connect = PLACE.matcher(data);
        if (listen.matches() && connect.matches()) {
            rule(line, listen.group(1), listen.group(2), connect.group(1), connect.group(2));
        } else {
            reject(line, "a value that is not ADDRESS/PORT as text");
        }
    }

    private void tableLine(String line) {
        Matcher row = TABLE_ROW.matcher(line);
        if (RULER.matcher(line).matches()) {
            place = Place.TABLE_ROWS;
        } else if (row.matches() && (place == Place.TABLE_ROWS || row.group(2).matches("\\d+"))) {
            rule(line, row.group(1), row.group(2), row.group(3), row.group(4));
        } else if (place == Place.TABLE_ROWS) {
            reject(line, "a row without four columns");
        }
    }

    private boolean added(String line) {
        Matcher add = ADD.matcher(line);
        if (REMARK.matcher(line).matches() || !add.matches()) {
            return false;
        }
        AddArguments arguments =
                AddArguments.of(Optional.ofNullable(add.group(2)).orElse(""));
        Optional<PortProxyFamily> its = PortProxyFamily.of(add.group(1));
        if (!arguments.protocol().equalsIgnoreCase("tcp")) {
            reject(line, "protocol " + Printable.ascii(arguments.protocol()) + ", where portproxy has tcp only");
        } else if (arguments.connectAddress().isEmpty()) {
            reject(line, "no connectaddress, which means this computer itself");
        } else {
            its.ifPresent(kind -> {
                forget(rule -> rule.isOf(kind, arguments), "a later command replaces it");
                rule(
                        kind,
                        line,
                        arguments.listenAddress(),
                        arguments.listenPort(),
                        arguments.connectAddress(),
                        arguments.connectPort());
            });
        }
        return true;
    }

    /** A later command replaces or takes away what an earlier one has set, as netsh does it. */
    private boolean deleted(String line) {
        Matcher delete = DELETE.matcher(line);
        if (REMARK.matcher(line).matches()) {
            return false;
        }
        if (RESET.matcher(line).matches()) {
            forget(rule -> true, "a later command deletes all");
            return true;
        }
        if (!delete.matches()) {
            return false;
        }
        AddArguments arguments = AddArguments.toDelete(delete.group(2));
        PortProxyFamily.of(delete.group(1))
                .ifPresent(kind -> forget(rule -> rule.isOf(kind, arguments), "a later command deletes it"));
        return true;
    }

    private void forget(Predicate<PortProxyRule> which, String reason) {
        rules.stream()
                .filter(which)
                .forEach(rule -> rejected.add(new Rejected(rule.toString(), reason, Optional.empty())));
        rules.removeIf(which);
    }

    private void rule(String line, String listenAddress, String listenPort, String connectAddress, String connectPort) {
        family.ifPresent(its -> rule(its, line, listenAddress, listenPort, connectAddress, connectPort));
    }

    private void rule(
            PortProxyFamily kind,
            String line,
            String listenAddress,
            String listenPort,
            String connectAddress,
            String connectPort) {
        Reading reading = PortProxyRule.read(kind, listenAddress, listenPort, connectAddress, connectPort);
        if (reading instanceof Reading.Invalid invalid) {
            rejected.add(
                    new Rejected(Printable.ascii(line), Printable.ascii(invalid.reason()), invalid.deleteCommand()));
        } else if (reading instanceof Reading.Valid valid) {
            addOnce(valid.rule());
        }
    }

    private void addOnce(PortProxyRule rule) {
        Optional<PortProxyRule> before =
                rules.stream().filter(rule::listensLike).findFirst();
        if (before.isPresent()) {
            String reason = rule.equals(before.get()) ? "found twice" : "listens where " + before.get() + " does";
            boolean same = rule.deleteCommand().equals(before.get().deleteCommand());
            Optional<String> delete = same ? Optional.empty() : Optional.of(rule.deleteCommand());
            rejected.add(new Rejected(rule.toString(), reason, delete));
        } else {
            rules.add(rule);
        }
    }

    private void reject(String line, String reason) {
        rejected.add(new Rejected(Printable.ascii(line), reason, Optional.empty()));
    }
}
