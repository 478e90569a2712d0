/**
 * The computer this program runs on: its kind of system, its folders and network adapters, the programs on it and how
 * they are run, text for its terminals and shells, and what a failure ends. JDK only.
 *
 * <p>Start at {@link io.github.wslproxy.os.ProcessRunner}, {@link io.github.wslproxy.os.SafeText} and {@link
 * io.github.wslproxy.os.Fault}.
 */
@NullMarked
package io.github.wslproxy.os;

import org.jspecify.annotations.NullMarked;
