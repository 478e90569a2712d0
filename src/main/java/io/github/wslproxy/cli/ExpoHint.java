package io.github.wslproxy.cli;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Expo and React Native need to know in WSL, as their server would tell phones the address of the VM. */
final class ExpoHint {
    /** As this program makes it; another program may have answered in its place. */
    private static final Pattern URL = Pattern.compile("http://(\\[[0-9a-f:.]{2,45}]|[0-9.]{7,15}):(\\d{1,5})/");

    private static final int METRO = 8081;
    private static final int FIRST_OF_OLD_EXPO = 19_000;
    private static final int LAST_OF_OLD_EXPO = 19_006;

    private ExpoHint() {}

    /** What to type in WSL, if Metro or the Expo server listens on that port by default. */
    static Optional<String> of(String url) {
        Matcher matcher = URL.matcher(url);
        return matcher.matches() && isMetro(Integer.parseInt(matcher.group(2)))
                ? Optional.of("Expo, Metro: start it in WSL with REACT_NATIVE_PACKAGER_HOSTNAME="
                        + matcher.group(1).replaceAll("[\\[\\]]", "") + " npx expo start")
                : Optional.empty();
    }

    private static boolean isMetro(int port) {
        return port == METRO || (port >= FIRST_OF_OLD_EXPO && port <= LAST_OF_OLD_EXPO);
    }
}
