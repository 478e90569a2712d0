/**
 * The Windows firewall: the rules that forwards need, which of them there are, and the commands that make the others.
 *
 * <p>Start at {@link io.github.wslproxy.windows.firewall.FirewallPlan}, and at {@link
 * io.github.wslproxy.windows.firewall.Firewall} for reading and applying.
 */
@NullMarked
package io.github.wslproxy.windows.firewall;

import org.jspecify.annotations.NullMarked;
