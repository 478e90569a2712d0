package io.github.wslproxy.bench.compare.load;

import io.github.wslproxy.bench.compare.lab.Commands;
import io.github.wslproxy.bench.compare.lab.FailedRunException;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What all generators of others have in common. */
final class Generator {
    /** Colours, which sockperf prints to files too. */
    private static final Pattern ESCAPES = Pattern.compile("\\x1b\\[[0-9;]*m");

    private Generator() {}

    static String output(List<String> command) throws IOException, InterruptedException {
        return Commands.output(command);
    }

    static String withoutColours(String output) {
        return ESCAPES.matcher(output).replaceAll("");
    }

    /** The number in the first group. */
    static double number(String generator, Pattern pattern, String output) throws FailedRunException {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new FailedRunException(generator + ": no result but: " + Commands.lastLine(output));
        }
        return Double.parseDouble(matcher.group(1));
    }

    static String firstLine(String output) {
        return output.lines().findFirst().orElse("nothing");
    }
}
