/**
 * proxy.toml: from bytes to settings that are complete and valid, or to every problem of the file with its place.
 *
 * <p>Start at {@link io.github.wslproxy.config.ConfigFile}. {@code SettingsParser} is the grammar of the file, a {@code
 * TomlTableReader} reads one table of it, and a {@code ValueParser} one value.
 */
@NullMarked
package io.github.wslproxy.config;

import org.jspecify.annotations.NullMarked;
