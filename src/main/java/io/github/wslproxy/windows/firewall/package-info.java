/**
 * The Windows firewall: what it lets in now, and the commands that open it for a forward.
 *
 * <p>Start at {@link io.github.wslproxy.windows.firewall.Firewall} for reading it and at {@link
 * io.github.wslproxy.windows.firewall.FirewallState#verdict} for what that means for a port.
 */
@NullMarked
package io.github.wslproxy.windows.firewall;

import org.jspecify.annotations.NullMarked;
