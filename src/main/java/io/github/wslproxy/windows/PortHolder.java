package io.github.wslproxy.windows;

import java.util.List;
import java.util.Optional;

/**
 * A process that listens on a port.
 *
 * @param program the name of its file, if tasklist tells it
 * @param addresses of this computer, on which it listens
 */
record PortHolder(long pid, Optional<String> program, List<String> addresses) {
    /** In every language: netstat shows the listeners of drivers, HTTP.SYS among them, under this process. */
    private static final long KERNEL = 4;

    boolean isKernel() {
        return pid == KERNEL;
    }

    boolean isWslRelay() {
        return is("wslrelay.exe");
    }

    boolean isServiceHost() {
        return is("svchost.exe");
    }

    /** The service IP Helper, in some svchost.exe, listens for all portproxy rules. */
    boolean mayServeRules() {
        return isServiceHost() || program.isEmpty();
    }

    private boolean is(String file) {
        return program.filter(file::equalsIgnoreCase).isPresent();
    }

    /** {@code node.exe (pid 4321, on 127.0.0.1)}. */
    @Override
    public String toString() {
        String where = "pid " + pid + ", on " + String.join(" and ", addresses);
        return program.orElse("a process that is not named") + " (" + where + ")";
    }
}
