package io.github.wslproxy.bench.compare.figure;

import java.util.List;

/**
 * One thing that a row measures.
 *
 * @param name unique within its row
 * @param unit empty for a mere number
 * @param targets what wslproxy has to reach; empty if nothing was promised
 */
public record Figure(String name, String unit, Better better, List<Target> targets) {
    public static Figure more(String name, String unit, Target... targets) {
        return new Figure(name, unit, Better.MORE, List.of(targets));
    }

    public static Figure less(String name, String unit, Target... targets) {
        return new Figure(name, unit, Better.LESS, List.of(targets));
    }
}
