package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.IpLiteral;
import java.net.InetAddress;

/** Where the VM is, as one probe saw it. */
public sealed interface ProbeOutcome {

    /** One sentence for a person, without a full stop. */
    String summary();

    /** The same for {@code probe}, which does not send to itself. */
    default String summaryForProbe() {
        return summary();
    }

    /** The VM answers at {@code address}. */
    record Found(InetAddress address, String reason) implements ProbeOutcome {
        @Override
        public String summary() {
            return "WSL is at " + IpLiteral.text(address) + ", " + reason;
        }
    }

    /** The VM is not running. */
    record Down(String reason) implements ProbeOutcome {
        @Override
        public String summary() {
            return "WSL is stopped: " + reason;
        }
    }

    /**
     * WSL shares the addresses of Windows, so its ports are on the LAN already.
     *
     * @param mode what WSL calls it: mirrored, virtioproxy, consomme, wsl1
     * @param reach the Windows-side address at which a port of the guest answers
     */
    record OnLan(String mode, InetAddress reach, String reason) implements ProbeOutcome {
        @Override
        public String summary() {
            return "WSL shares the addresses of Windows (" + mode + "): " + reason;
        }
    }

    /**
     * The question was not answered, but Windows remembers where the VM was at its last start, and that may still be
     * so.
     */
    record Hinted(InetAddress address, ProbeFailure failure) implements ProbeOutcome {
        @Override
        public String summary() {
            return "WSL may be at " + IpLiteral.text(address) + ", which Windows remembers. Asking it failed: "
                    + failure;
        }
    }

    /** The question was not answered. */
    record Failed(ProbeFailure failure) implements ProbeOutcome {
        @Override
        public String summary() {
            return "Asking WSL failed: " + failure;
        }

        @Override
        public String summaryForProbe() {
            return "Asking WSL failed: " + failure.forProbe();
        }
    }
}
