package io.github.wslproxy.cli;

import io.github.wslproxy.doctor.Diagnosis;
import io.github.wslproxy.doctor.Finding;
import io.github.wslproxy.doctor.Finding.FindingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A diagnosis for a person: each link a line, and at the end the first broken one with what fixes it. */
final class DoctorView {
    private final Diagnosis diagnosis;
    private final List<String> lines = new ArrayList<>();

    private DoctorView(Diagnosis diagnosis) {
        this.diagnosis = diagnosis;
    }

    static List<String> lines(Diagnosis diagnosis) {
        DoctorView text = new DoctorView(diagnosis);
        text.write();
        return text.lines.stream()
                .map(line -> line.replaceAll("\\p{Cntrl}", "?"))
                .toList();
    }

    private void write() {
        String forward = "";
        List<Finding> findings = diagnosis.findings();
        for (int i = 0; i < findings.size(); i++) {
            Finding finding = findings.get(i);
            if (!finding.forward().equals(forward)) {
                forward = finding.forward();
                lines.add("");
                lines.add(forward.isEmpty() ? "all forwards" : "forward \"" + forward + "\"");
            }
            if (finding.state() != FindingState.SKIPPED) {
                lines.add(String.format("  %-9s  %-15s  %s", word(finding.state()), finding.link(), seen(finding)));
                continue;
            }
            int last = lastSkipped(findings, i);
            lines.add("  -          " + links(findings.subList(i, last + 1)) + ": " + finding.seen());
            i = last;
        }
        lines.add("");
        conclude();
    }

    /** The note of a broken link is left out: the end says what fixes the first one. */
    private static String seen(Finding finding) {
        return finding.isBroken() || finding.note().isEmpty()
                ? finding.seen()
                : finding.seen() + " (" + finding.note() + ")";
    }

    /** The last of the links that are skipped for one reason: they share a line. */
    private static int lastSkipped(List<Finding> findings, int first) {
        int last = first;
        while (last + 1 < findings.size() && isLike(findings.get(last + 1), findings.get(first))) {
            last++;
        }
        return last;
    }

    private static boolean isLike(Finding next, Finding first) {
        return next.state() == FindingState.SKIPPED
                && next.seen().equals(first.seen())
                && next.forward().equals(first.forward());
    }

    private static String links(List<Finding> findings) {
        return String.join(
                ", ",
                findings.stream().map(finding -> finding.link().toString()).toList());
    }

    private static String word(FindingState state) {
        return switch (state) {
            case BROKEN -> "BROKEN";
            case NOT_KNOWN -> "not known";
            default -> state.toString();
        };
    }

    private void conclude() {
        Optional<Finding> first = diagnosis.firstBroken();
        if (first.isEmpty()) {
            long unknown = diagnosis.findings().stream()
                    .filter(finding -> finding.state() == FindingState.NOT_KNOWN)
                    .count();
            lines.add("Nothing is known to be broken" + (unknown == 0 ? "." : "; not known: " + unknown + "."));
            return;
        }
        Finding broken = first.get();
        String whose = broken.forward().isEmpty() ? "" : "forward \"" + broken.forward() + "\", ";
        lines.add("First broken link: " + whose + broken.link());
        lines.add("  " + broken.seen());
        lines.add("To fix it:");
        lines.add("  " + broken.cure());
        if (!broken.note().isEmpty()) {
            lines.add("  (" + broken.note() + ")");
        }
    }
}
