/**
 * Asking where the WSL VM is: run a command, read addresses out of what it prints, choose one with a reason, publish it
 * when it changes.
 *
 * <p>Start at {@link io.github.wslproxy.wsl.VmMonitor}. An answer passes {@code ProbeLoop}, {@code WindowsProbe} or
 * {@code CommandProbe}, {@code AddressOutput}, {@code AddressChoice} and {@code TargetPublisher}.
 */
@NullMarked
package io.github.wslproxy.wsl;

import org.jspecify.annotations.NullMarked;
