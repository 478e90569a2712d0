/**
 * Every line of PowerShell that the program prints or runs is made here, and nowhere else.
 *
 * <p>{@link io.github.wslproxy.windows.powershell.FirewallCommands} has those that a person can run too, {@link
 * io.github.wslproxy.windows.powershell.EveryShell} those that cmd reads alike, {@link
 * io.github.wslproxy.windows.powershell.Scripts} what only the program runs, and {@link
 * io.github.wslproxy.windows.powershell.CompletionScript} what a person puts into a profile. {@link
 * io.github.wslproxy.windows.powershell.PowerShell} runs a script. All of it is ASCII, for Windows PowerShell 5.1 and
 * PowerShell 7; {@code src/test/resources/powershell} has a file of each kind.
 */
@NullMarked
package io.github.wslproxy.windows.powershell;

import org.jspecify.annotations.NullMarked;
