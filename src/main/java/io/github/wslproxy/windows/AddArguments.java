package io.github.wslproxy.windows;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What follows {@code netsh interface portproxy add v4tov4}: {@code name=value} in any order, or values alone in the
 * order of the documentation. listenaddress is any address by default, connectport is listenport (windowsserverdocs,
 * netsh-interface-portproxy.md).
 */
record AddArguments(
        String listenPort, String connectAddress, String connectPort, String listenAddress, String protocol) {
    private static final List<String> ORDER =
            List.of("listenport", "connectaddress", "connectport", "listenaddress", "protocol");
    private static final Pattern WORD = Pattern.compile("(?:\"[^\"]*\"|[^\\s\"])+");

    private static final List<String> ORDER_OF_DELETE = List.of("listenport", "listenaddress", "protocol");

    static AddArguments of(String text) {
        return of(text, ORDER);
    }

    /** Of {@code delete v4tov4}, which has another order. */
    static AddArguments toDelete(String text) {
        return of(text, ORDER_OF_DELETE);
    }

    private static AddArguments of(String text, List<String> order) {
        Map<String, String> found = new HashMap<>();
        int position = 0;
        Matcher words = WORD.matcher(text.replaceAll("\\s*=\\s*", "="));
        while (words.find()) {
            String word = words.group().replace("\"", "");
            int equals = word.indexOf('=');
            if (equals >= 0) {
                found.put(word.substring(0, equals).toLowerCase(Locale.ROOT), word.substring(equals + 1));
            } else if (position < order.size()) {
                found.putIfAbsent(order.get(position), word);
                position++;
            }
        }
        String listenPort = found.getOrDefault("listenport", "");
        return new AddArguments(
                listenPort,
                found.getOrDefault("connectaddress", ""),
                found.getOrDefault("connectport", listenPort),
                found.getOrDefault("listenaddress", PortProxyRule.ANY),
                found.getOrDefault("protocol", "tcp"));
    }
}
