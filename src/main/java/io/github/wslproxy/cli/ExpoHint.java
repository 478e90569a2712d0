package io.github.wslproxy.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** What Expo and React Native need to know in WSL, as their server would tell phones the address of the VM. */
final class ExpoHint {
    private static final int METRO = 8081;
    private static final int FIRST_OF_OLD_EXPO = 19_000;
    private static final int LAST_OF_OLD_EXPO = 19_006;

    private ExpoHint() {}

    /** Whether Metro or the Expo server listens on that port by default. */
    static boolean isMetro(String url) {
        int port = uri(url).map(URI::getPort).orElse(0);
        return port == METRO || (port >= FIRST_OF_OLD_EXPO && port <= LAST_OF_OLD_EXPO);
    }

    /** What to type in WSL. */
    static String line(String url) {
        return "Expo, Metro: start it in WSL with REACT_NATIVE_PACKAGER_HOSTNAME="
                + uri(url).map(URI::getHost).orElse("").replaceAll("[\\[\\]]", "") + " npx expo start";
    }

    /** Empty for what is no URL: whoever took the status port may have said anything. */
    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException odd) {
            return Optional.empty();
        }
    }
}
