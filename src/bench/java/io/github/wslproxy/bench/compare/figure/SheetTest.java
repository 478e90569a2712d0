package io.github.wslproxy.bench.compare.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SheetTest {
    private static final Column OURS = new Column("wslproxy", Column.Kind.OURS);
    private static final Column SLOW = new Column("slow", Column.Kind.COPIES);
    private static final Column FAST = new Column("fast", Column.Kind.COPIES);
    private static final Column SPLICER = new Column("docker-proxy", Column.Kind.SPLICES);

    private final Figure rate = Figure.more(
            "rate", "Gbit/s", Target.atLeast(1, Rival.BEST_COPIER), Target.atLeast(1, Rival.NGINX), Target.atLeast(19));
    private final Sheet sheet = new Sheet("bulk", List.of(rate), List.of(OURS, SLOW, FAST, SPLICER));

    @Test
    void theBestCopierIsNoSplicer() {
        addRounds(OURS, 20);
        addRounds(SLOW, 5);
        addRounds(FAST, 10);
        addRounds(SPLICER, 40);

        Line line = sheet.lines().get(0);

        assertThat(line.ratio(OURS, Rival.BEST_COPIER).orElseThrow().median()).isEqualTo(2);
        assertThat(line.ratio(OURS, Rival.DOCKER_PROXY).orElseThrow().median()).isEqualTo(0.5);
    }

    @Test
    void aProgramThatFailedOnceHasNoNumber() {
        addRounds(OURS, 20);
        addRounds(FAST, 10);
        sheet.fail(FAST, "wrk: errors: read 3");

        Line line = sheet.lines().get(0);

        assertThat(sheet.takesPart(FAST)).isFalse();
        assertThat(line.cells()).containsEntry(FAST, new Cell.Failed("wrk: errors: read 3"));
        assertThat(line.ratio(OURS, Rival.BEST_COPIER)).isEmpty();
    }

    @Test
    void aTargetIsMetMissedOrNotMeasured() {
        addRounds(OURS, 20);
        addRounds(FAST, 30);

        Line line = sheet.lines().get(0);

        assertThat(rate.targets().stream().map(target -> target.judge(line, OURS)))
                .containsExactly(Verdict.MISSED, Verdict.NOT_MEASURED, Verdict.MET);
    }

    @Test
    void theTableSaysWhyANumberIsMissing() {
        addRounds(OURS, 20);
        addRounds(SLOW, 10);
        sheet.fail(FAST, "it ended with 1: no more files");
        sheet.leaveOut(SPLICER, "it has no UDP");

        assertThat(new Table(List.of(OURS, SLOW, FAST, SPLICER)).text(sheet.lines()))
                .contains("| bulk | rate, Gbit/s | 20 ~0%   | 10 ~0% | failed | -            | 2.00 ")
                .contains("* bulk: fast: failed: it ended with 1: no more files")
                .contains("* bulk: without docker-proxy: it has no UDP");
    }

    private void addRounds(Column column, double value) {
        for (int i = 0; i < 5; i++) {
            sheet.add(column, Map.of(rate, value));
        }
    }
}
