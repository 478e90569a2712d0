package io.github.wslproxy.cli;

import java.util.Locale;

/** JSON for any console. */
final class AsciiJson {
    private AsciiJson() {}

    /**
     * The same document, with what is not ASCII as the escapes of JSON: no console garbles it, and none obeys what it
     * says.
     *
     * @param json valid, so that other characters stand in its texts only
     */
    static String of(String json) {
        StringBuilder ascii = new StringBuilder();
        json.chars().forEach(unit -> {
            boolean plain = unit == '\n' || (unit >= ' ' && unit <= '~');
            ascii.append(plain ? Character.toString((char) unit) : String.format(Locale.ROOT, "\\u%04x", unit));
        });
        return ascii.toString();
    }
}
