package io.github.wslproxy.windows;

import io.github.wslproxy.os.SafeText;
import io.github.wslproxy.windows.PortProxyRule.Family;
import io.github.wslproxy.windows.PortProxyRules.RejectedRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds portproxy rules in text, line by line, in each form in which Windows prints them: {@code reg query}, a .reg
 * export, {@code netsh interface portproxy show all} in any language, and {@code netsh interface portproxy dump}, whose
 * lines are commands that add a rule. Everything else in the text is passed over; a row that should be a rule and is
 * none is kept with the reason.
 */
final class PortProxyParser {
    /** The longest rule has two host names of 253 characters. Patterns must not see a megabyte. */
    private static final int LONGEST_LINE = 1000;

    /** Each rule is compared with each other. */
    private static final int MOST_ROWS = 1000;

    private static final Pattern KEY = Pattern.compile("\\[?(-?HK(?:EY_\\w+|LM|CU)\\\\[^\\]]*)]?");
    private static final Pattern PORT_PROXY_KEY =
            Pattern.compile("HK.*\\\\PortProxy\\\\v([46])tov([46])\\\\tcp", Pattern.CASE_INSENSITIVE);
    private static final Pattern QUERIED = Pattern.compile("(\\S+)/(\\S*)\\s+REG_SZ\\s+(\\S+)/(\\S*)");
    private static final Pattern EXPORTED = Pattern.compile("\"([^\"]*)/([^\"/]*)\"=\"([^\"]*)/([^\"/]*)\"");

    /** The words around the two versions are localized. */
    private static final Pattern TABLE_HEAD =
            Pattern.compile("\\D*ipv([46])\\D+ipv([46])\\D*", Pattern.CASE_INSENSITIVE);

    private static final Pattern RULER = Pattern.compile("-{3,}(?:\\s+-{3,})+");
    private static final Pattern TABLE_ROW = Pattern.compile("(\\S+)\\s+(\\S+)\\s+(\\S+)\\s+(\\S+)");
    private static final Pattern ADD = Pattern.compile(
            "(?:netsh\\S*\\s+\\w+\\s+portproxy\\s+)?add\\s+v([46])tov([46])\\s+(.*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern ARGUMENT = Pattern.compile("(\\w+)=(\\S*)");

    /** What the lines are that are being read. */
    private enum Section {
        OTHER,
        KEY,
        TABLE_HEAD,
        TABLE
    }

    private final List<PortProxyRule> rules = new ArrayList<>();
    private final List<RejectedRow> rejected = new ArrayList<>();
    private Section section = Section.OTHER;

    /** The family of the rules of a key or table. */
    private @Nullable Family family;

    private PortProxyParser() {}

    /** Never fails, whatever the text is. */
    static PortProxyRules parse(String text) {
        PortProxyParser parser = new PortProxyParser();
        text.lines()
                .map(String::strip)
                .filter(line -> line.length() <= LONGEST_LINE)
                .takeWhile(line -> !parser.isFull())
                .forEach(parser::line);
        if (parser.isFull()) {
            parser.reject("...", "more than " + MOST_ROWS + " rows; nothing after them was read");
        }
        return new PortProxyRules(parser.rules, parser.rejected);
    }

    private boolean isFull() {
        return rules.size() + rejected.size() >= MOST_ROWS;
    }

    private void line(String line) {
        Matcher key = KEY.matcher(line);
        Matcher head = TABLE_HEAD.matcher(line);
        Matcher add = ADD.matcher(line);
        if (key.matches()) {
            Matcher portProxy = PORT_PROXY_KEY.matcher(key.group(1));
            boolean holdsRules = portProxy.matches();
            section = holdsRules ? Section.KEY : Section.OTHER;
            family = holdsRules ? Family.of(portProxy.group(1), portProxy.group(2)) : null;
        } else if (head.matches()) {
            section = Section.TABLE_HEAD;
            family = Family.of(head.group(1), head.group(2));
        } else if (add.matches()) {
            command(line, Family.of(add.group(1), add.group(2)), add.group(3));
        } else if (family != null) {
            row(line, family);
        }
    }

    private void row(String line, Family its) {
        switch (section) {
            case KEY -> value(line, its);
            case TABLE_HEAD -> section = RULER.matcher(line).matches() ? Section.TABLE : section;
            case TABLE -> tableRow(line, its);
            case OTHER -> {}
        }
    }

    private void value(String line, Family its) {
        Matcher queried = QUERIED.matcher(line);
        Matcher exported = EXPORTED.matcher(line);
        boolean isDefault = line.startsWith("(") || line.startsWith("@"); // its name is localized and in parentheses
        if (isDefault) {
            return;
        }
        if (queried.matches()) {
            rule(line, its, queried.group(1), queried.group(2), queried.group(3), queried.group(4));
        } else if (exported.matches()) {
            rule(line, its, exported.group(1), exported.group(2), exported.group(3), exported.group(4));
        } else if (line.contains("REG_") || line.startsWith("\"")) {
            reject(line, "a value that is not ADDRESS/PORT as text");
        }
    }

    private void tableRow(String line, Family its) {
        Matcher row = TABLE_ROW.matcher(line);
        if (line.isEmpty()) {
            section = Section.OTHER;
        } else if (row.matches()) {
            rule(line, its, row.group(1), row.group(2), row.group(3), row.group(4));
        } else {
            reject(line, "a row without four columns");
        }
    }

    /** connectport is listenport by default, listenaddress any (windowsserverdocs, netsh-interface-portproxy.md). */
    private void command(String line, Family its, String text) {
        Map<String, String> arguments = new HashMap<>();
        Matcher argument = ARGUMENT.matcher(text);
        while (argument.find()) {
            arguments.put(argument.group(1).toLowerCase(Locale.ROOT), argument.group(2));
        }
        String listenPort = arguments.getOrDefault("listenport", "");
        rule(
                line,
                its,
                arguments.getOrDefault("listenaddress", PortProxyRule.ANY),
                listenPort,
                arguments.getOrDefault("connectaddress", ""),
                arguments.getOrDefault("connectport", listenPort));
    }

    private void rule(
            String line,
            Family its,
            String listenAddress,
            String listenPort,
            String connectAddress,
            String connectPort) {
        Optional<String> listenProblem = PortProxyRule.listenProblem(its, listenAddress, listenPort);
        if (listenProblem.isPresent()) {
            reject(line, listenProblem.get());
            return;
        }
        int port = Integer.parseInt(listenPort);
        Optional<String> connectProblem = PortProxyRule.connectProblem(its, connectAddress, connectPort);
        if (connectProblem.isPresent()) {
            String delete = PortProxyRule.deleteCommand(its, listenAddress, port);
            rejected.add(
                    new RejectedRow(SafeText.ascii(line), SafeText.ascii(connectProblem.get()), Optional.of(delete)));
            return;
        }
        addOnce(new PortProxyRule(its, listenAddress, port, connectAddress, Integer.parseInt(connectPort)));
    }

    private void addOnce(PortProxyRule rule) {
        Optional<PortProxyRule> before =
                rules.stream().filter(rule::listensLike).findFirst();
        if (before.isEmpty()) {
            rules.add(rule);
            return;
        }
        String reason = rule.equals(before.get()) ? "found twice" : "listens where " + before.get() + " does";
        boolean same = rule.deleteCommand().equals(before.get().deleteCommand());
        Optional<String> delete = same ? Optional.empty() : Optional.of(rule.deleteCommand());
        rejected.add(new RejectedRow(rule.toString(), reason, delete));
    }

    private void reject(String line, String reason) {
        rejected.add(new RejectedRow(SafeText.ascii(line), SafeText.ascii(reason), Optional.empty()));
    }
}
