package io.github.wslproxy.wsl;

/** Asks once where the VM is. Blocks until it knows or gives up; for one thread at a time, never an event loop. */
public interface WslProbe {

    /** Never throws for what the asked programs do; an interrupt ends it early and stays set. */
    ProbeReport probe(Depth depth);

    /** How much a probe may do to learn the answer. */
    enum Depth {
        /** May answer from a look that does not touch the VM, and so repeat what was learned before. */
        ROUTINE,
        /** A connect failed: asks the VM if it is running, unless it was asked for that reason moments ago in vain. */
        CONNECT_FAILED,
        /** Asks the VM if it is running. */
        FULL
    }
}
