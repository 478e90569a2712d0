package io.github.wslproxy.bench.compare.figure;

/** From low to high, both included. */
public record Interval(double low, double high) {}
