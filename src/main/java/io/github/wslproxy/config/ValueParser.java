package io.github.wslproxy.config;

/** Makes a typed value of what the file holds. */
@FunctionalInterface
interface ValueParser<F, T> {
    T of(F found) throws InvalidValue;
}
