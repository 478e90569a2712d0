package io.github.wslproxy.os;

import java.nio.charset.Charset;
import java.util.Optional;

/**
 * The character sets of stdout and stderr, which on Windows are the console's code page and not Java's default. Java
 * tells them in {@code stdout.encoding} from 19 on, and in {@code sun.stdout.encoding} before, where there is a console
 * (JDK: SystemProps). Neither a PrintWriter of Java 17 nor picocli 4.7 knows both. Safe for any thread.
 */
public final class ConsoleCharset {
    private ConsoleCharset() {}

    public static Charset ofStdout() {
        return of("stdout.encoding");
    }

    public static Charset ofStderr() {
        return of("stderr.encoding");
    }

    private static Charset of(String property) {
        return named(property).or(() -> named("sun." + property)).orElseGet(Charset::defaultCharset);
    }

    private static Optional<Charset> named(String property) {
        String name = System.getProperty(property, "");
        try {
            return name.isEmpty() ? Optional.empty() : Optional.of(Charset.forName(name));
        } catch (IllegalArgumentException noSuchCharset) {
            return Optional.empty();
        }
    }
}
