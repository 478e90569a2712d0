package io.github.wslproxy;

import io.github.wslproxy.cli.WslProxyCommand;

/** Hands the arguments to the command line and ends with its exit status. */
public final class Main {
    private Main() {}

    /** The program; ends the JVM. */
    public static void main(String[] args) {
        // Java reads each of these once, at the first socket and at the first look-up.
        // Without the first, Windows refuses a port that WSL's own localhost relay holds already.
        // Without the second, Java repeats an answer for 30 s, so a name that has moved is followed only after that.
        // The public security property of the same meaning costs 15 ms at each start.
        setUnlessGiven("sun.net.useExclusiveBind", "false");
        setUnlessGiven("sun.net.inetaddr.ttl", "0");
        System.exit(WslProxyCommand.run(args));
    }

    private static void setUnlessGiven(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
