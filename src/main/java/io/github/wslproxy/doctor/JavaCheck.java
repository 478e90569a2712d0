package io.github.wslproxy.doctor;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Whether this Java fits. The launchers start the proxy with the same one and the same options. */
final class JavaCheck {
    private static final int OLDEST = 17;
    private static final Set<String> KEEP_ALIVE = Set.of("TCP_KEEPIDLE", "TCP_KEEPINTERVAL", "TCP_KEEPCOUNT");

    private JavaCheck() {}

    static List<Finding> of(JavaFacts java, boolean windows) {
        return List.of(version(java), exclusiveBind(java, windows), keepAlive(java));
    }

    private static Finding version(JavaFacts java) {
        String what = "Java " + java.version() + " in " + java.home();
        return java.feature() >= OLDEST
                ? Finding.ok(Link.JAVA, what)
                : Finding.broken(
                        Link.JAVA,
                        what + " is too old (expected " + OLDEST + " or newer)",
                        "winget install EclipseAdoptium.Temurin.21.JRE");
    }

    /** With Java's default, whether a port can be had depends on who came first, wslproxy or WSL's relay on localhost. */
    private static Finding exclusiveBind(JavaFacts java, boolean windows) {
        if (!windows) {
            return Finding.skipped(Link.EXCLUSIVE_BIND, "matters on Windows only");
        }
        String option = "sun.net.useExclusiveBind=" + java.exclusiveBind();
        return java.exclusiveBind().equals("false")
                ? Finding.ok(Link.EXCLUSIVE_BIND, option + ", so ports are shared with WSL's relay on localhost")
                : Finding.broken(
                        Link.EXCLUSIVE_BIND,
                        option + ": ports that WSL's relay on localhost holds already cannot be had",
                        "set WSLPROXY_JAVA_OPTS=-Dsun.net.useExclusiveBind=false");
    }

    private static Finding keepAlive(JavaFacts java) {
        Set<String> missing = new TreeSet<>(KEEP_ALIVE);
        missing.removeAll(java.tcpOptions());
        return missing.isEmpty()
                ? Finding.ok(Link.KEEP_ALIVE, "silent peers are asked after a minute")
                : Finding.info(
                                Link.KEEP_ALIVE,
                                "this Java has no " + String.join(", ", missing)
                                        + ": a link to a VM that vanished may stay open for two hours")
                        .noting("Java 17.0.10 or newer, with the module jdk.net, has them");
    }
}
