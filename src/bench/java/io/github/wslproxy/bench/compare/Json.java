package io.github.wslproxy.bench.compare;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.wslproxy.bench.compare.figure.Cell;
import io.github.wslproxy.bench.compare.figure.Column;
import io.github.wslproxy.bench.compare.figure.Line;
import io.github.wslproxy.bench.compare.figure.Rival;
import io.github.wslproxy.bench.compare.figure.Target;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All values of all rounds, for other programs. */
final class Json {
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private Json() {}

    static String text(Map<String, String> machine, int rounds, List<Line> lines) {
        JsonObject all = new JsonObject();
        all.add("machine", GSON.toJsonTree(machine));
        all.addProperty("rounds", rounds);
        JsonArray figures = new JsonArray();
        lines.forEach(line -> figures.add(figure(line)));
        all.add("figures", figures);
        return GSON.toJson(all) + "\n";
    }

    private static JsonObject figure(Line line) {
        JsonObject figure = new JsonObject();
        figure.addProperty("row", line.row());
        figure.addProperty("name", line.figure().name());
        figure.addProperty("unit", line.figure().unit());
        figure.addProperty("better", line.figure().better().name().toLowerCase(Locale.ROOT));
        JsonObject programs = new JsonObject();
        line.cells().forEach((column, cell) -> programs.add(column.name(), program(line, column, cell)));
        figure.add("programs", programs);
        return figure;
    }

    private static JsonObject program(Line line, Column column, Cell cell) {
        JsonObject program = new JsonObject();
        if (cell instanceof Cell.Measured measured) {
            program.add("values", GSON.toJsonTree(measured.values()));
            program.addProperty("median", measured.median());
            program.addProperty("spread", measured.spread());
        } else if (cell instanceof Cell.Failed failed) {
            program.addProperty("failed", failed.why());
        } else if (cell instanceof Cell.Absent absent) {
            program.addProperty("absent", absent.why());
        }
        if (column.kind() == Column.Kind.OURS) {
            program.add("ratios", ratios(line, column));
            program.add("targets", targets(line, column));
        }
        return program;
    }

    private static JsonObject ratios(Line line, Column ours) {
        JsonObject ratios = new JsonObject();
        for (Rival rival : Rival.values()) {
            line.ratio(ours, rival).ifPresent(ratio -> {
                JsonObject one = new JsonObject();
                one.addProperty("median", ratio.median());
                ratio.interval().ifPresent(interval -> {
                    one.addProperty("low", interval.low());
                    one.addProperty("high", interval.high());
                });
                one.addProperty("noise", !ratio.isMeaningful());
                ratios.add(rival.title(), one);
            });
        }
        return ratios;
    }

    private static JsonObject targets(Line line, Column ours) {
        JsonObject targets = new JsonObject();
        for (Target target : line.figure().targets()) {
            targets.addProperty(target.text(), target.judge(line, ours).toString());
        }
        return targets;
    }
}
