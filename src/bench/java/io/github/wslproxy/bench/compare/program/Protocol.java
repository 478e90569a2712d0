package io.github.wslproxy.bench.compare.program;

/** What a route carries. */
public enum Protocol {
    TCP,
    UDP;

    /** As most configurations spell it. */
    String lowerCase() {
        return this == TCP ? "tcp" : "udp";
    }
}
