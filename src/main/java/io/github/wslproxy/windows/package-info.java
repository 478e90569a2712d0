/**
 * The Windows tools beside wsl.exe: who holds a port, and which portproxy rules there are.
 *
 * <p>Start at {@link io.github.wslproxy.windows.PortOwners} for ports that cannot be had, and at {@link
 * io.github.wslproxy.windows.PortProxyRules} for the rules of {@code netsh interface portproxy}. What the tools print
 * is localized and may be nothing at all: {@link io.github.wslproxy.windows.ToolOutput} and {@link
 * io.github.wslproxy.windows.PortProxyParser} read it, and what they do not understand is not known rather than
 * guessed.
 */
@NullMarked
package io.github.wslproxy.windows;

import org.jspecify.annotations.NullMarked;
