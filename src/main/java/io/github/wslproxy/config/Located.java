package io.github.wslproxy.config;

import org.tomlj.TomlPosition;

/** A value and where in the file it stands. */
record Located<T>(T value, TomlPosition at) {}
