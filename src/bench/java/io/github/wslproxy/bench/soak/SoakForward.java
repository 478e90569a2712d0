package io.github.wslproxy.bench.soak;

import java.util.Locale;

/** The forwards of the soak's configuration. */
enum SoakForward {
    /** To the VM, with the default timeouts. Its settings never change, so no edit may touch its links. */
    STEADY("tcp"),

    /** To the VM, with short timeouts, for peers that stand still. Edits change it. */
    IMPATIENT("tcp"),

    /** To the VM. Edits remove it and bring it back. */
    PASSING("tcp"),

    /** To a server that is killed and stopped. */
    MORTAL("tcp"),

    /** To a port where nobody listens. */
    REFUSED("tcp"),

    /** To an address that does not answer. */
    BLACK_HOLE("tcp"),

    /** To the echo in the VM. */
    ECHO("udp"),

    /** To the echo in the VM, with room for few sessions. */
    CROWDED("udp"),

    /** To a port where nobody listens. */
    UNHEARD("udp");

    private final String protocol;

    SoakForward(String protocol) {
        this.protocol = protocol;
    }

    /** As in the configuration. */
    String protocol() {
        return protocol;
    }

    /** In the configuration and in the status. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
