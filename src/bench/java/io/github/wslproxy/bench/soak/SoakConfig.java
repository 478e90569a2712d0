package io.github.wslproxy.bench.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * One edit of the configuration.
 *
 * @param holds {@code on_stopped}: hold, or refuse
 * @param passing whether that forward is there
 * @param patience seconds until the impatient forward gives up a silent link
 */
record SoakConfig(boolean holds, boolean passing, int patience) {
    static final SoakConfig FIRST = new SoakConfig(false, true, 2);

    /** More than every client that the soak has at once. */
    private static final int UDP_SESSIONS = 1024;

    /** How many sessions {@link SoakForward#CROWDED} has room for. */
    static final int CROWD = 16;

    /** Puts it in the place of {@code file} at once, as editors do. */
    void write(Path file, Ground ground, int blackHolePort, WslScript wsl) throws IOException {
        replace(file, text(ground, blackHolePort, wsl));
    }

    static void replace(Path file, String text) throws IOException {
        Path edited = file.resolveSibling(file.getFileName() + ".edited");
        Files.writeString(edited, text);
        Files.move(edited, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private String text(Ground ground, int blackHolePort, WslScript wsl) {
        StringBuilder text = new StringBuilder("""
            [wsl]
            command = ["/bin/sh", "%s"]
            interval = "500ms"
            timeout = "2s"
            on_stopped = "%s"
            hold = "20s"

            [defaults]
            udp_idle_timeout = "2s"
            max_sessions = %d
            max_sessions_per_client = %d
            max_connections_per_client = 1024

            [status]
            listen = "127.0.0.1:%d"

            [log]
            file = "wslproxy.log"
            """.formatted(
                        wsl.file(),
                        holds ? "hold" : "refuse",
                        UDP_SESSIONS,
                        UDP_SESSIONS,
                        ground.status().getPort()));
        for (SoakForward forward : SoakForward.values()) {
            if (forward != SoakForward.PASSING || passing) {
                text.append(forward(forward, ground, blackHolePort));
            }
        }
        return text.toString();
    }

    private String forward(SoakForward forward, Ground ground, int blackHolePort) {
        String own =
                switch (forward) {
                    case STEADY, PASSING -> toVm(ground.linkServerPort());
                    case IMPATIENT ->
                        toVm(ground.linkServerPort())
                                + "idle_timeout = \"%ds\"\nhalf_close_timeout = \"%<ds\"\n".formatted(patience);
                    case MORTAL -> toLoopback(ground.mortalPort()) + "idle_timeout = \"5s\"\n";
                    case REFUSED, UNHEARD -> toLoopback(ground.nobodyPort());
                    case BLACK_HOLE -> toLoopback(blackHolePort) + "connect_timeout = \"700ms\"\n";
                    case ECHO -> toVm(ground.udpEchoPort());
                    case CROWDED -> toVm(ground.udpEchoPort()) + "max_sessions = %d\n".formatted(CROWD);
                };
        return """

            [[forward]]
            name = "%s"
            protocol = "%s"
            listen = "127.0.0.1:%d"
            """.formatted(forward.id(), forward.protocol(), ground.port(forward)) + own;
    }

    private static String toVm(int port) {
        return "target = \"wsl:%d\"\n".formatted(port);
    }

    private static String toLoopback(int port) {
        return "target = \"127.0.0.1:%d\"\n".formatted(port);
    }
}
