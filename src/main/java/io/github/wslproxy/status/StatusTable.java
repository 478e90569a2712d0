package io.github.wslproxy.status;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** The snapshot as a table in HTML, for a browser that runs no script. */
final class StatusTable {
    private static final String COLUMNS = """
            <table>
            <thead><tr><th>Forward</th><th>Listens on</th><th>Goes to</th><th>State</th>\
            <th class="number">Open</th><th class="number">Accepted</th><th class="number">Refused</th>\
            <th class="number">In</th><th class="number">Out</th><th>Last problem</th></tr></thead>
            <tbody>
            """;

    private static final String TAIL = """
            </tbody>
            </table>
            <p>The same as <a href="/api/status">JSON</a> and as <a href="/metrics">metrics</a>.</p>
            """;

    private final StringBuilder html = new StringBuilder();

    private StatusTable() {}

    static String of(Snapshot snapshot) {
        StatusTable table = new StatusTable();
        table.writeProgram(snapshot);
        table.writeTarget(snapshot.target());
        table.html.append(COLUMNS);
        snapshot.forwards().forEach(table::writeForward);
        table.html.append(TAIL);
        return table.html.toString();
    }

    private void writeProgram(Snapshot snapshot) {
        html.append("<h1>wslproxy ").append(escape(snapshot.version())).append("</h1>\n");
        html.append("<p>Running for ").append(inWords(snapshot.uptime())).append(".</p>\n");
        if (!snapshot.configError().isEmpty()) {
            html.append("<p class=\"failed\">The edited configuration is not valid; the previous one runs: ")
                    .append(escape(snapshot.configError()))
                    .append("</p>\n");
        }
    }

    private void writeTarget(Snapshot.Target target) {
        String state = escape(target.state());
        html.append("<p>WSL is <strong class=\"").append(state).append("\">").append(state);
        html.append("</strong> ").append(escape(target.address()));
        html.append(" since ")
                .append(target.since().truncatedTo(ChronoUnit.SECONDS))
                .append(": ")
                .append(escape(target.reason()));
        html.append("</p>\n");
    }

    private void writeForward(Snapshot.ForwardView forward) {
        html.append("<tr>");
        cell("", two("", forward.name(), forward.protocol()));
        cell("", escape(String.join("\n", forward.listen())).replace("\n", "<br>"));
        cell("", two("", forward.target(), forward.resolved()));
        cell(forward.state().toString(), two("error", forward.state().toString(), forward.error()));
        cell("number", String.valueOf(forward.open()));
        cell("number", String.valueOf(forward.accepted()));
        cell("number", String.valueOf(forward.refused()));
        cell("number", inUnits(forward.bytesIn()));
        cell("number", inUnits(forward.bytesOut()));
        cell(
                "",
                escape(forward.lastProblem().map(Snapshot.LastProblem::withTime).orElse("")));
        html.append("</tr>\n");
    }

    private void cell(String style, String content) {
        html.append("<td").append(styled(style)).append('>').append(content).append("</td>");
    }

    private static String two(String style, String first, String second) {
        return second.isEmpty()
                ? escape(first)
                : escape(first) + "<br><small" + styled(style) + ">" + escape(second) + "</small>";
    }

    private static String styled(String style) {
        return style.isEmpty() ? "" : " class=\"" + style + "\"";
    }

    private static String inWords(Duration duration) {
        if (duration.toMinutes() < 1) {
            return duration.toSeconds() + " s";
        }
        if (duration.toHours() < 1) {
            return duration.toMinutes() + " min";
        }
        return duration.toHours() + " h " + duration.toMinutesPart() + " min";
    }

    private static String inUnits(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double value = bytes / 1024.0;
        int unit = 0;
        // 1023.95 would be printed as 1024.0.
        while (value >= 1023.95 && unit < 5) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %ciB", value, "KMGTPE".charAt(unit));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
