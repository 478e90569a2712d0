package io.github.wslproxy.config;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The status page.
 *
 * @param listen a loopback address with its port; empty: no page
 */
public record StatusSettings(Optional<InetSocketAddress> listen) {}
