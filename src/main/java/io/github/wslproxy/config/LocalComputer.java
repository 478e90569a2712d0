package io.github.wslproxy.config;

import io.github.wslproxy.os.NetworkAdapters;
import io.github.wslproxy.os.OperatingSystem;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What the checks need to know of the computer the file is read on. */
interface LocalComputer {

    boolean isWindows();

    /** The name of the computer; empty if it is not known. */
    String hostName();

    /** Every address of the computer, of both families. */
    Set<InetAddress> addresses();

    /** The addresses of a name; empty if there is no such name, or nobody to ask. */
    Set<InetAddress> lookup(String name);

    /** The computer this program runs on. */
    final class ThisComputer implements LocalComputer {
        /** DNS without a network can take half a minute to say no, and a start must not wait for that. */
        private static final int LOOKUP_SECONDS = 2;

        @Override
        public boolean isWindows() {
            return OperatingSystem.isWindows();
        }

        @Override
        public String hostName() {
            // The environment comes first: a lookup has failed by now, and getLocalHost() would repeat it.
            String given = System.getenv(isWindows() ? "COMPUTERNAME" : "HOSTNAME");
            if (given != null) {
                return given;
            }
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException unresolvable) {
                return "";
            }
        }

        @Override
        public Set<InetAddress> addresses() {
            try {
                return NetworkAdapters.all()
                        .flatMap(NetworkInterface::inetAddresses)
                        .collect(Collectors.toSet());
            } catch (SocketException noInterfaces) {
                return Set.of();
            }
        }

        @Override
        public Set<InetAddress> lookup(String name) {
            CompletableFuture<Set<InetAddress>> answer = new CompletableFuture<>();
            Thread asking = new Thread(() -> answer.complete(ask(name)), "wslproxy-listen-name");
            asking.setDaemon(true);
            asking.start();
            return answer.completeOnTimeout(Set.of(), LOOKUP_SECONDS, TimeUnit.SECONDS)
                    .join();
        }

        private static Set<InetAddress> ask(String name) {
            try {
                return new HashSet<>(Arrays.asList(InetAddress.getAllByName(name)));
            } catch (UnknownHostException | RuntimeException noAnswer) {
                return Set.of();
            }
        }
    }
}
