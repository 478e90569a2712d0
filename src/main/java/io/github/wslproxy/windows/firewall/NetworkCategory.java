package io.github.wslproxy.windows.firewall;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The category that Windows gives a network. Each has a firewall profile of the same name. */
public enum NetworkCategory {
    DOMAIN,
    PRIVATE,
    PUBLIC;

    /** A copy in the order of the constants. The order of {@code Set.of} changes from run to run. */
    static Set<NetworkCategory> inOrder(Set<NetworkCategory> categories) {
        Set<NetworkCategory> ordered = EnumSet.noneOf(NetworkCategory.class);
        ordered.addAll(categories);
        return Collections.unmodifiableSet(ordered);
    }

    /** The word that Windows uses: {@code Domain}, {@code Private} or {@code Public}. */
    @Override
    public String toString() {
        return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
}
