package io.github.wslproxy.config;

import java.util.Set;

/** Keys and values of the contract that the program does not carry out yet: refused with that reason, never ignored. */
final class NotBuiltYet {
    private NotBuiltYet() {}

    static Reading<Object, String> proxyProtocol() {
        return only("off", Set.of("v1", "v2"));
    }

    private static Reading<Object, String> only(String works, Set<String> planned) {
        String expected = Shown.quoted(works);
        return Readings.text(expected, text -> {
            if (text.equals(works)) {
                return text;
            }
            String reason = planned.contains(text) ? " is not built yet" : "";
            throw new Refusal(Shown.quoted(text) + reason, expected);
        });
    }
}
