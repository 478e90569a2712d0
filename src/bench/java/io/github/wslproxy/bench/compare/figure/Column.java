package io.github.wslproxy.bench.compare.figure;

/** A program in the table, by the name it has there. */
public record Column(String name, Kind kind) {
    /** How its bytes get from one socket to the other. */
    public enum Kind {
        /** No program between: client and server alone. */
        DIRECT,
        /** wslproxy, on one of the Javas. */
        OURS,
        /** A peer that reads them into its own memory and writes them. */
        COPIES,
        /** A peer that leaves them inside the kernel, by splice(2). */
        SPLICES
    }
}
