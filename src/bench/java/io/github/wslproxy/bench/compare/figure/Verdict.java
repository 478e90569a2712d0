package io.github.wslproxy.bench.compare.figure;

/** Whether a target was reached, as far as the interval of the median tells. */
public enum Verdict {
    /** All of the interval does. */
    MET,
    /** None of it does. */
    MISSED,
    /** Part of it does, or there is none: too few rounds, too much noise, or no such rival here. */
    UNDECIDED
}
