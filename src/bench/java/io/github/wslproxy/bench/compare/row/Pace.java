package io.github.wslproxy.bench.compare.row;

/**
 * How long things take, in seconds.
 *
 * @param load one run of a load
 * @param warmUp the run before the first round, which does not count
 * @param settle after a start, before memory is looked at
 * @param rest how long the computer is left alone: to see what an idle program takes, and what it gives back
 * @param starts how often a program is started in each round
 */
public record Pace(int load, int warmUp, int settle, int rest, int starts) {
    public static final Pace FULL = new Pace(2, 2, 2, 30, 3);
    public static final Pace QUICK = new Pace(1, 2, 1, 3, 1);
}
