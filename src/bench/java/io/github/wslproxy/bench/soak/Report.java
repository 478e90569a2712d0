package io.github.wslproxy.bench.soak;

import java.util.List;
import java.util.Locale;

/** A soak in words: the figures and their verdicts, what was done, what was wrong. */
final class Report {
    private static final double GIB = 1 << 30;
    private static final double PERCENT = 100;

    private final String title;
    private final long seed;
    private final SoakRun.Outcome outcome;
    private final List<Figure> figures;

    Report(String title, long seed, SoakRun.Outcome outcome) {
        this.title = title;
        this.seed = seed;
        this.outcome = outcome;
        this.figures = new Verdicts(outcome.quiet(), outcome.warm()).figures(outcome.liveHeapGrowth());
    }

    /** Whether every limit was kept and nothing was found. */
    boolean holds() {
        return figures.stream().allMatch(Figure::holds) && outcome.findings().count() == 0;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(title).append("\n\n");
        text.append(Figure.header()).append('\n');
        figures.forEach(figure -> text.append(figure.line()).append('\n'));
        text.append('\n');
        outcome.acts().forEach((play, count) -> text.append("%,12d  %s%n".formatted(count, play)));
        text.append(String.format(
                Locale.ROOT,
                """

                %d quiet moments, %d of them after the warm-up; %.1f GiB relayed; seed %d
                the computer was busy to %.0f %%, all programs together
                %d clients not served, while the VM was stopped or the forward was not there
                %d datagrams sent again, as the VM moved, or the system dropped them
                %d acts broken while the system reset connections, as its memory for TCP was used up (net.ipv4.tcp_mem)
                %d findings
                """,
                outcome.quiet().size(),
                outcome.warm(),
                relayed() / GIB,
                seed,
                PERCENT
                        * outcome.samples().stream()
                                .mapToDouble(Sample::busy)
                                .average()
                                .orElse(0),
                outcome.notServed(),
                outcome.sentAgain(),
                outcome.resetBySystem(),
                outcome.findings().count()));
        outcome.findings()
                .first()
                .forEach(finding -> text.append("  ").append(finding).append('\n'));
        return text.append(holds() ? "PASSED\n" : "FAILED\n").toString();
    }

    /** A forward that an edit removes takes its count along. */
    private double relayed() {
        double sum = 0;
        List<Sample> samples = outcome.samples();
        for (int i = 1; i < samples.size(); i++) {
            sum += Math.max(0, samples.get(i).bytes() - samples.get(i - 1).bytes());
        }
        return sum;
    }
}
