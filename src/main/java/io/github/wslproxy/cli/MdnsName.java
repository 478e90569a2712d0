package io.github.wslproxy.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The name of this computer on its LAN by multicast DNS (RFC 6762), if it answers to it. */
final class MdnsName {
    private static final Duration PATIENCE = Duration.ofMillis(1500);

    private final Callable<String> host;
    private final Lookup lookup;
    private final Duration patience;

    /** Asks the system what a name stands for; may block for long. */
    interface Lookup {
        InetAddress[] of(String name) throws UnknownHostException;
    }

    MdnsName(Callable<String> host, Lookup lookup, Duration patience) {
        this.host = host;
        this.lookup = lookup;
        this.patience = patience;
    }

    static MdnsName ofThisComputer() {
        return new MdnsName(() -> InetAddress.getLocalHost().getHostName(), InetAddress::getAllByName, PATIENCE);
    }

    /**
     * The name, if it leads to this computer. Blocks for a second and a half at most. An interrupt ends it early and
     * stays set.
     *
     * @param own addresses of this computer on the LAN
     */
    Optional<String> find(List<InetAddress> own) {
        FutureTask<Optional<String>> asking = new FutureTask<>(() -> ask(own));
        Thread thread = new Thread(asking, "wslproxy-mdns");
        thread.setDaemon(true);
        thread.start();
        try {
            return asking.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException notTold) {
            return Optional.empty();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Optional<String> ask(List<InetAddress> own) throws Exception {
        String label = host.call().toLowerCase(Locale.ROOT).replaceFirst("\\..*", "");
        if (!label.matches("[a-z0-9-]{1,63}") || label.equals("localhost")) {
            return Optional.empty();
        }
        String name = label + ".local";
        boolean isThis = Arrays.stream(lookup.of(name)).anyMatch(own::contains);
        return isThis ? Optional.of(name) : Optional.empty();
    }
}
