package io.github.wslproxy.cli;

import io.github.wslproxy.app.LanUrls;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What helps beside the LAN URLs. Another program may have answered in the proxy's place, so any text may be a URL. */
record UrlHints(Callable<String> hostName, Lookup lookup, Duration patience) {
    private static final List<Integer> EXPO_PORTS =
            List.of(8081, 19_000, 19_001, 19_002, 19_003, 19_004, 19_005, 19_006);

    /** Asks the system what a name stands for; may block for long. */
    interface Lookup {
        InetAddress[] of(String name) throws UnknownHostException;
    }

    static UrlHints ofThisComputer() {
        return new UrlHints(
                () -> InetAddress.getLocalHost().getHostName(), InetAddress::getAllByName, Duration.ofMillis(1500));
    }

    /** @param own addresses of this computer on the LAN */
    List<String> of(List<String> urls, List<InetAddress> own) {
        Stream<String> expo = urls.stream().filter(LanUrls::isWeb).flatMap(url -> expo(url).stream());
        Stream<String> byName = urls.stream().filter(LanUrls::isWeb).limit(1).flatMap(url -> byName(url, own).stream());
        Stream<String> unknown = urls.stream()
                .filter(url -> !LanUrls.isWeb(url) && uri("http://" + url + "/") != null)
                .map(url -> "If a web server listens on " + url + ", open http://" + url + "/");
        return Stream.of(expo.limit(1), byName, unknown.limit(1))
                .flatMap(hint -> hint)
                .toList();
    }

    /** The server of Expo and React Native would tell phones the address of the VM. */
    private static Optional<String> expo(String url) {
        return Optional.ofNullable(uri(url))
                .filter(uri -> EXPO_PORTS.contains(uri.getPort()))
                .map(uri -> "Expo, Metro: start it in WSL with REACT_NATIVE_PACKAGER_HOSTNAME="
                        + uri.getHost().replace("[", "").replace("]", "") + " npx expo start");
    }

    /** Blocks for as long as the patience at most. */
    private Optional<String> byName(String url, List<InetAddress> own) {
        return Optional.ofNullable(uri(url)).flatMap(uri -> mdnsName(own)
                .map(name -> "By name, where mDNS works: " + uri.getScheme() + "://" + name
                        + (uri.getPort() < 0 ? "" : ":" + uri.getPort()) + uri.getPath()));
    }

    /** The name of this computer by multicast DNS (RFC 6762), if it leads to one of its addresses. */
    private Optional<String> mdnsName(List<InetAddress> own) {
        return CompletableFuture.supplyAsync(() -> lookUp(own))
                .completeOnTimeout(Optional.empty(), patience.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    private Optional<String> lookUp(List<InetAddress> own) {
        try {
            String label = hostName.call().toLowerCase(Locale.ROOT).replaceFirst("\\..*", "");
            boolean isName = label.matches("[a-z0-9-]{1,63}") && !label.equals("localhost");
            String name = label + ".local";
            return isName && Arrays.stream(lookup.of(name)).anyMatch(own::contains)
                    ? Optional.of(name)
                    : Optional.empty();
        } catch (Exception notTold) {
            return Optional.empty();
        }
    }

    /** Null for what has no host and port. */
    private static @Nullable URI uri(String text) {
        try {
            URI uri = new URI(text);
            return uri.getHost() == null ? null : uri;
        } catch (URISyntaxException odd) {
            return null;
        }
    }
}
