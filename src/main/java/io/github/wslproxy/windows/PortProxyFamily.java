package io.github.wslproxy.windows;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The four kinds of portproxy rules: which IP version they listen on and connect to. */
public enum PortProxyFamily {
    V4TOV4,
    V4TOV6,
    V6TOV4,
    V6TOV6;

    /** {@code v4tov4} and so on, in any case. */
    static Optional<PortProxyFamily> of(String word) {
        return Arrays.stream(values())
                .filter(family -> family.toString().equalsIgnoreCase(word))
                .findFirst();
    }

    boolean listensOnV6() {
        return name().startsWith("V6");
    }

    boolean connectsToV6() {
        return name().endsWith("V6");
    }

    /** The word netsh has for it: {@code v4tov4}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
