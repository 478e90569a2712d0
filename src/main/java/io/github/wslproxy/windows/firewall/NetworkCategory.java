package io.github.wslproxy.windows.firewall;

import java.util.Locale;

/** What Windows takes a network for. Each category has a firewall profile of the same name. */
public enum NetworkCategory {
    DOMAIN,
    PRIVATE,
    PUBLIC;

    /** The word that Windows uses: {@code Domain}, {@code Private} or {@code Public}. */
    @Override
    public String toString() {
        return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
}
