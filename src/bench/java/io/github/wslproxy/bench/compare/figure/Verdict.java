package io.github.wslproxy.bench.compare.figure;

import java.util.Locale;

/** Whether a target was reached, as far as the interval of the median tells. */
public enum Verdict {
    /** All of the interval does. */
    MET,
    /** None of it does. */
    MISSED,
    /** Part of it does, or the rounds are too few to tell. */
    UNDECIDED,
    /** There is no such rival here, or no value. */
    NOT_MEASURED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
