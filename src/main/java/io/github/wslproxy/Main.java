package io.github.wslproxy;

import io.github.wslproxy.cli.WslProxyCommand;

/** Hands the arguments to the command line and ends with its exit status. */
public final class Main {
    private Main() {}

    /** The program; ends the JVM. */
    public static void main(String[] args) {
        // Read once, by the first socket class that is loaded. Without it Windows refuses a port that WSL's own
        // localhost
        // relay holds already.
        if (System.getProperty("sun.net.useExclusiveBind") == null) {
            System.setProperty("sun.net.useExclusiveBind", "false");
        }
        System.exit(WslProxyCommand.run(args));
    }
}
