package io.github.wslproxy.windows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what {@code tasklist /fo csv /nh} prints, with or without {@code /svc}. No such process is a localized line.
 */
final class TasklistText {
    private static final Pattern FIELD = Pattern.compile("\"([^\"]*)\"(?:,|$)");

    private TasklistText() {}

    /** The name of the program's file. */
    static Optional<String> program(String output, long pid) {
        return row(output, pid).map(fields -> fields.get(0)).filter(name -> !name.isBlank());
    }

    /** With {@code /svc}: the services in that process, with commas between; N/A, in any language, for none. */
    static Optional<String> services(String output, long pid) {
        return row(output, pid)
                .filter(fields -> fields.size() == 3)
                .map(fields -> fields.get(2))
                .filter(services -> services.matches("[A-Za-z0-9_.,-]{2,200}"));
    }

    private static Optional<List<String>> row(String output, long pid) {
        return output.lines()
                .map(TasklistText::fields)
                .filter(fields -> fields.size() >= 2 && fields.get(1).equals(Long.toString(pid)))
                .findFirst();
    }

    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        Matcher field = FIELD.matcher(line.strip());
        while (field.find()) {
            fields.add(field.group(1));
        }
        return fields;
    }
}
