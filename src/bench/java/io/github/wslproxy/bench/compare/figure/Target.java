package io.github.wslproxy.bench.compare.figure;

import java.util.Optional;

/** What wslproxy has to reach in a figure. */
public sealed interface Target {
    Verdict judge(Line line, Column ours);

    /** As the table has it. */
    String text();

    static Target atLeast(double ratio, Rival rival) {
        return new AgainstRival(rival, ratio);
    }

    static Target atLeast(double value) {
        return new Bound(value, Better.MORE);
    }

    static Target atMost(double value) {
        return new Bound(value, Better.LESS);
    }

    /** At least so many times as good as the rival. */
    record AgainstRival(Rival rival, double ratio) implements Target {
        @Override
        public Verdict judge(Line line, Column ours) {
            return line.ratio(ours, rival)
                    .map(measured -> Target.judge(measured.interval(), ratio, Better.MORE))
                    .orElse(Verdict.NOT_MEASURED);
        }

        @Override
        public String text() {
            return ">= " + ratio + " " + rival.title();
        }
    }

    /** An own value on the right side of the limit, which is in the unit of the figure. */
    record Bound(double limit, Better better) implements Target {
        @Override
        public Verdict judge(Line line, Column ours) {
            return line.measured(ours)
                    .map(measured -> Target.judge(Samples.ofMedian(measured.values()), limit, better))
                    .orElse(Verdict.NOT_MEASURED);
        }

        @Override
        public String text() {
            return (better == Better.MORE ? ">= " : "<= ") + Numbers.shortest(limit);
        }
    }

    private static Verdict judge(Optional<Interval> interval, double limit, Better better) {
        if (interval.isEmpty()) {
            return Verdict.UNDECIDED;
        }
        double worst =
                better == Better.MORE ? interval.get().low() : -interval.get().high();
        double best =
                better == Better.MORE ? interval.get().high() : -interval.get().low();
        double needed = better == Better.MORE ? limit : -limit;
        if (worst >= needed) {
            return Verdict.MET;
        }
        return best < needed ? Verdict.MISSED : Verdict.UNDECIDED;
    }
}
