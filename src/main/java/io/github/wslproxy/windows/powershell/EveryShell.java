package io.github.wslproxy.windows.powershell;

import io.github.wslproxy.forward.Protocol;
import java.util.Optional;

/** Commands that call programs of Windows, in one line that cmd and PowerShell read alike. */
public final class EveryShell {
    private EveryShell() {}

    /** Ends a process, whatever it does. */
    public static String endProcess(long pid) {
        return "taskkill /f /pid " + pid;
    }

    /**
     * Deletes a rule of netsh interface portproxy, for an administrator.
     *
     * @param family the word netsh has for it: {@code v4tov4}
     * @param address as the rule has it, without a character that means something to a shell; empty if it has none
     */
    public static String deletePortProxy(String family, Optional<String> address, int port) {
        return "netsh interface portproxy delete " + family + " listenport=" + port
                + address.map(its -> " listenaddress=" + its).orElse("");
    }

    /**
     * Shows the ranges of ports that Windows keeps for itself.
     *
     * @param version {@code ipv4} or {@code ipv6}
     */
    public static String showExcludedRanges(String version, Protocol protocol) {
        return "netsh interface " + version + " show excludedportrange protocol=" + protocol;
    }

    /**
     * Takes a port out of such a range, for an administrator: the commands of docker/for-win#3171, as the exception can
     * be made only while the ranges are given back. Windows PowerShell refuses "&amp;" and PowerShell 7 takes it for a
     * job, so cmd.exe reads them in every shell.
     *
     * @param version {@code ipv4} or {@code ipv6}
     */
    public static String freeExcludedPort(String version, Protocol protocol, int port) {
        return "cmd /c \"net stop winnat & netsh interface " + version + " add excludedportrange protocol=" + protocol
                + " startport=" + port + " numberofports=1 & net start winnat\"";
    }
}
