package io.github.wslproxy.bench.soak;

import io.github.wslproxy.bench.Picture;
import io.github.wslproxy.bench.Picture.Curve;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The picture of a soak: what was seen each second, and at the quiet moments. */
final class Curves {
    private static final double MIB = 1 << 20;
    private static final double SECONDS_PER_MINUTE = 60;
    private static final String EACH_SECOND = "each second";

    private final List<Sample> samples;
    private final List<Sample> quiet;

    Curves(List<Sample> samples, List<Sample> quiet) {
        this.samples = samples;
        this.quiet = quiet;
    }

    void draw(String title, Path file) throws IOException {
        Picture picture = new Picture(title, "minutes");
        picture.addChart("RSS, MiB", both(sample -> sample.residentBytes() / MIB));
        if (quiet.stream().allMatch(sample -> sample.directBytes().isPresent())) {
            picture.addChart(
                    "direct memory, MiB", both(sample -> sample.directBytes().orElse(0L) / MIB));
        }
        picture.addChart("descriptors", both(Sample::descriptors));
        picture.addChart("threads", both(Sample::threads));
        picture.addChart("TCP links", both(Sample::links));
        picture.addChart("UDP sessions", both(Sample::sessions));
        picture.addChart("relayed, MiB/s", List.of(rate(sample -> sample.bytes() / MIB)));
        picture.addChart("CPU, % of a core", List.of(rate(sample -> sample.cpuSeconds() * 100)));
        picture.write(file);
    }

    private List<Curve> both(ToDoubleFunction<Sample> value) {
        return List.of(curve(EACH_SECOND, samples, value), curve("quiet moments", quiet, value));
    }

    private static Curve curve(String name, List<Sample> samples, ToDoubleFunction<Sample> value) {
        return new Curve(
                name,
                samples.stream().map(Sample::minutes).toList(),
                samples.stream().map(value::applyAsDouble).toList());
    }

    /** Per second. A forward that an edit removes takes its bytes along, which is no negative rate. */
    private Curve rate(ToDoubleFunction<Sample> value) {
        List<Double> minutes = new ArrayList<>();
        List<Double> rates = new ArrayList<>();
        for (int i = 1; i < samples.size(); i++) {
            Sample before = samples.get(i - 1);
            Sample now = samples.get(i);
            double seconds = (now.minutes() - before.minutes()) * SECONDS_PER_MINUTE;
            minutes.add(now.minutes());
            rates.add(Math.max(0, value.applyAsDouble(now) - value.applyAsDouble(before)) / seconds);
        }
        return new Curve(EACH_SECOND, minutes, rates);
    }
}
