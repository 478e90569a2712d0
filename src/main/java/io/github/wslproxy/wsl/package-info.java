/**
 * Asking where the WSL VM is: run a command, read addresses out of what it prints, choose one with a reason, publish it
 * when it changes.
 *
 * <p>Start at {@link io.github.wslproxy.wsl.VmMonitor}, which decides when to ask; {@link
 * io.github.wslproxy.wsl.WslProbes} makes what it asks. An answer passes {@code ProcessRunner}, {@code ConsoleText},
 * {@code AddressOutput} and {@code AddressChoice}.
 */
@NullMarked
package io.github.wslproxy.wsl;

import org.jspecify.annotations.NullMarked;
