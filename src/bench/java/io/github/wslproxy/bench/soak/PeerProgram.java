package io.github.wslproxy.bench.soak;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Clients or a server of the soak as a process of their own, which can be stopped and killed. Ends with its input, so
 * that it does not outlive the soak. Findings go to its error output.
 */
final class PeerProgram {
    private static final int CLIENTS = 6;
    private static final long REQUEST = 512 * 1024;

    private PeerProgram() {}

    /** {@code serve PORT} or {@code visit PORT}. */
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[1]);
        if (arguments[0].equals("serve")) {
            new LinkServer(List.of(Ground.loopback()), port, new Findings());
        } else {
            visitForEver(new InetSocketAddress(Ground.loopback(), port));
        }
        while (System.in.read() >= 0) {}
        System.exit(0);
    }

    private static void visitForEver(InetSocketAddress forward) {
        Findings findings = new Findings();
        for (int i = 0; i < CLIENTS; i++) {
            DaemonThreads.named("visitor")
                    .newThread(() -> visitAgainAndAgain(forward, findings))
                    .start();
        }
    }

    private static void visitAgainAndAgain(InetSocketAddress forward, Findings findings) {
        while (true) {
            try {
                visit(forward);
                Thread.sleep(20);
            } catch (BrokenStreamException e) {
                findings.add("a client process got " + e.getMessage());
            } catch (IOException cutOff) {
                // After it was stopped for longer than the forward waits, or while the VM is.
            } catch (InterruptedException stopping) {
                return;
            }
        }
    }

    private static void visit(InetSocketAddress forward) throws IOException {
        try (Visit visit = Visit.to(forward, true, 0)) {
            for (int requests = 0; requests < 10; requests++) {
                visit.send(REQUEST / 8);
                visit.request(REQUEST);
            }
            visit.part();
        }
    }
}
