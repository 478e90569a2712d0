package io.github.wslproxy.windows.firewall;

import java.util.Optional;

/** The firewall of this computer. */
public final class Firewall {

    public static Firewall ofThisComputer() {
        return new Firewall();
    }

    /**
     * Reads what it is set to; needs no administrator and changes nothing. Blocks, usually for a second or two and at worst
     * for half a minute: never call it on an event loop. Empty where it is not known, as on other systems than Windows.
     */
    public Optional<FirewallState> state() {
        return Optional.empty();
    }
}
