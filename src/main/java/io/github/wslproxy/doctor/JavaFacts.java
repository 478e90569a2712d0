package io.github.wslproxy.doctor;

import java.io.IOException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What there is to know of the Java that runs this.
 *
 * @param feature 17 for Java 17.0.9
 * @param exclusiveBind the system property {@code sun.net.useExclusiveBind}; empty if it is not set
 * @param tcpOptions the names of the socket options that it has for TCP
 */
record JavaFacts(int feature, String version, String home, String exclusiveBind, Set<String> tcpOptions) {
    JavaFacts {
        tcpOptions = Set.copyOf(tcpOptions);
    }

    static JavaFacts ofThisProcess() {
        return new JavaFacts(
                Runtime.version().feature(),
                System.getProperty("java.version", ""),
                System.getProperty("java.home", ""),
                System.getProperty("sun.net.useExclusiveBind", ""),
                supported());
    }

    private static Set<String> supported() {
        try (SocketChannel any = SocketChannel.open()) {
            return any.supportedOptions().stream().map(SocketOption::name).collect(Collectors.toSet());
        } catch (IOException noSocketLeft) {
            return Set.of();
        }
    }
}
