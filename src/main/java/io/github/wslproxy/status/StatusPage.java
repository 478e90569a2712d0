package io.github.wslproxy.status;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Locale;

/** The snapshot as one page for people: no script, nothing loaded, and it reloads itself. */
final class StatusPage {
    private static final String STYLE = """
            :root { color-scheme: light dark; --line: #d0d0d0; --bad: #b00020; --good: #1b7f3b; }
            @media (prefers-color-scheme: dark) { :root { --line: #444; --bad: #ff8a8a; --good: #7ddc9a; } }
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; }
            table { border-collapse: collapse; width: 100%; }
            th, td { border-bottom: 1px solid var(--line); padding: .4rem .6rem; text-align: left; vertical-align: top; }
            td { overflow-wrap: anywhere; }
            .number { text-align: right; white-space: nowrap; }
            .up, .listening { color: var(--good); }
            .down, .failed, .waiting, .error { color: var(--bad); }
            """;

    /** For every answer: the one style sheet of this page by its hash, and nothing else. */
    static final String SECURITY_POLICY = "default-src 'none'; style-src '" + hash(STYLE)
            + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="refresh" content="5">
            <title>wslproxy</title>
            <style>%s</style>
            </head>
            <body>
            """.formatted(STYLE);

    private static final String COLUMNS = """
            <table>
            <thead><tr><th>Forward</th><th>Listens on</th><th>Goes to</th><th>State</th>\
            <th class="number">Open</th><th class="number">Accepted</th><th class="number">Refused</th>\
            <th class="number">In</th><th class="number">Out</th><th>Last error</th></tr></thead>
            <tbody>
            """;

    private static final String TAIL = """
            </tbody>
            </table>
            <p>The same as <a href="/api/status">JSON</a> and as <a href="/metrics">metrics</a>.</p>
            </body>
            </html>
            """;

    private final StringBuilder html = new StringBuilder();

    private StatusPage() {}

    static String of(Snapshot snapshot) {
        StatusPage page = new StatusPage();
        page.html.append(HEAD);
        page.writeProgram(snapshot);
        page.writeTarget(snapshot.target());
        page.html.append(COLUMNS);
        snapshot.forwards().forEach(page::writeForward);
        page.html.append(TAIL);
        return page.html.toString();
    }

    private void writeProgram(Snapshot snapshot) {
        html.append("<h1>wslproxy ").append(escape(snapshot.version())).append("</h1>\n");
        html.append("<p>Running for ").append(inWords(snapshot.uptime())).append(".</p>\n");
        if (!snapshot.configError().isEmpty()) {
            html.append("<p class=\"failed\">The edited configuration is not valid, the one before it runs: ")
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
        cell("", escape(forward.lastError()));
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

    private static String hash(String style) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
