package io.github.wslproxy.forward;

import java.util.Locale;

/**
 * The form of the PROXY protocol that tells a target who its client is, in front of the first byte of a TCP connection
 * (https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt). A target takes a form only where it is set up for it.
 */
public enum ProxyProtocol {
    /** The target is not told. */
    OFF,
    /** A line of text. */
    V1,
    /** Binary. */
    V2;

    /** The word used in proxy.toml: {@code off}, {@code v1} or {@code v2}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
