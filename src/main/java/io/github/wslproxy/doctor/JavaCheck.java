package io.github.wslproxy.doctor;

import io.github.wslproxy.status.Snapshot;
import java.util.List;
import java.util.Optional;

/** Whether the Java of the running proxy fits. The doctor's own may be another one, with other options. */
final class JavaCheck implements Check {
    private static final int OLDEST = 17;

    private final JavaFacts own;
    private final boolean windows;
    private final Optional<Snapshot> proxy;

    /**
     * What there is to know of the Java that runs this.
     *
     * @param feature 17 for Java 17.0.9
     */
    record JavaFacts(int feature, String version, String home) {

        static JavaFacts ofThisProcess() {
            return new JavaFacts(
                    Runtime.version().feature(),
                    System.getProperty("java.version", ""),
                    System.getProperty("java.home", ""));
        }
    }

    /**
     * A check of the running proxy's Java, or of the doctor's if none runs.
     *
     * @param own the doctor's Java, which a proxy that is started now usually gets too
     * @param proxy the running one; empty if none is known to run
     */
    JavaCheck(JavaFacts own, boolean windows, Optional<Snapshot> proxy) {
        this.own = own;
        this.windows = windows;
        this.proxy = proxy;
    }

    @Override
    public List<Finding> findings() {
        Optional<Snapshot.Java> running = proxy.flatMap(Snapshot::java);
        if (running.isPresent()) {
            Snapshot.Java java = running.get();
            return List.of(
                    Finding.ok(ChainLink.JAVA, "wslproxy runs on Java " + java.version()),
                    exclusiveBind(java),
                    keepAlive(java));
        }
        return proxy.isPresent()
                ? List.of(own(), notTold(ChainLink.EXCLUSIVE_BIND), notTold(ChainLink.KEEP_ALIVE))
                : List.of(own(), notRunning(ChainLink.EXCLUSIVE_BIND), notRunning(ChainLink.KEEP_ALIVE));
    }

    private Finding own() {
        String what = "Java " + own.version() + " in " + own.home();
        return own.feature() >= OLDEST
                ? Finding.info(ChainLink.JAVA, what + " runs the doctor; that of wslproxy is not known")
                : Finding.broken(
                        ChainLink.JAVA,
                        what + " is too old (expected " + OLDEST + " or newer)",
                        "winget install EclipseAdoptium.Temurin.21.JRE");
    }

    private static Finding notTold(ChainLink link) {
        return Finding.notKnown(link, "the running wslproxy is of a version that does not tell");
    }

    private static Finding notRunning(ChainLink link) {
        return Finding.skipped(link, "wslproxy is not known to run");
    }

    /**
     * Java's default is an exclusive bind: a port then goes to whoever comes first, wslproxy or WSL's relay on
     * localhost.
     */
    private Finding exclusiveBind(Snapshot.Java java) {
        if (!windows) {
            return Finding.skipped(ChainLink.EXCLUSIVE_BIND, "matters on Windows only");
        }
        return java.exclusiveBind()
                ? Finding.broken(
                                ChainLink.EXCLUSIVE_BIND,
                                "wslproxy runs with sun.net.useExclusiveBind: ports that WSL's relay on localhost holds"
                                        + " already cannot be had",
                                "take sun.net.useExclusiveBind out of WSLPROXY_JAVA_OPTS and JDK_JAVA_OPTIONS")
                        .noting("then restart wslproxy")
                : Finding.ok(ChainLink.EXCLUSIVE_BIND, "wslproxy shares ports with WSL's relay on localhost");
    }

    private static Finding keepAlive(Snapshot.Java java) {
        return java.keepAlive()
                ? Finding.ok(ChainLink.KEEP_ALIVE, "keep-alive after one silent minute")
                : Finding.info(
                                ChainLink.KEEP_ALIVE,
                                "the Java of wslproxy cannot set TCP keep-alive: a connection to a VM that vanished may"
                                        + " stay open for two hours")
                        .noting("Java 17.0.10 or newer, with the module jdk.net, can");
    }
}
