package io.github.wslproxy.bench.compare.figure;

/** Which way a figure gets better. */
public enum Better {
    MORE,
    LESS
}
