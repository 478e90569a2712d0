package io.github.wslproxy.status;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot in the text format of Prometheus, or in that of OpenMetrics for who accepts it. The labels are the names
 * of forwards and limits, of which there are as many as somebody has asked for.
 *
 * <p>The writers are made here and not by the library's own choice, which would read settings from the environment.
 */
final class StatusMetrics {
    private static final ExpositionFormatWriter PROMETHEUS =
            PrometheusTextFormatWriter.builder().build();
    private static final ExpositionFormatWriter OPEN_METRICS =
            OpenMetricsTextFormatWriter.builder().build();

    private final MetricSnapshots.Builder metrics = MetricSnapshots.builder();

    private StatusMetrics() {}

    /** @param text in UTF-8 */
    record Exposition(String contentType, String text) {}

    /** Whether {@link #of} takes OpenMetrics for this header. */
    static boolean isOpenMetrics(@Nullable String accept) {
        return OPEN_METRICS.accepts(accept);
    }

    /** @param accept the header of the request; null if it has none */
    static Exposition of(Snapshot snapshot, @Nullable String accept) {
        StatusMetrics all = new StatusMetrics();
        all.addProgram(snapshot);
        all.addLimits(snapshot.limits());
        all.addForwards(oneOfEachName(snapshot.forwards()));
        ExpositionFormatWriter writer = isOpenMetrics(accept) ? OPEN_METRICS : PROMETHEUS;
        return new Exposition(writer.getContentType(), all.written(writer));
    }

    /** Two samples of the same labels would spoil the whole document, and a share may be named as a forward is. */
    private static Collection<Snapshot.ForwardView> oneOfEachName(List<Snapshot.ForwardView> forwards) {
        Map<String, Snapshot.ForwardView> byName = new LinkedHashMap<>();
        forwards.forEach(forward -> byName.putIfAbsent(forward.name(), forward));
        return byName.values();
    }

    private String written(ExpositionFormatWriter writer) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            writer.write(text, metrics.build(), EscapingScheme.ALLOW_UTF8);
        } catch (IOException impossibleInMemory) {
            throw new UncheckedIOException(impossibleInMemory);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private void addProgram(Snapshot snapshot) {
        metrics.metricSnapshot(InfoSnapshot.builder()
                .name("wslproxy")
                .help("The running program.")
                .dataPoint(InfoDataPointSnapshot.builder()
                        .labels(Labels.of("version", snapshot.version()))
                        .build())
                .build());
        gauge(
                "wslproxy_uptime_seconds",
                "Seconds since the program started.",
                snapshot.uptime().toSeconds());
        gauge(
                "wslproxy_target_up",
                "1 if WSL is up, or shares the network of Windows; else 0.",
                isUp(snapshot.target()) ? 1 : 0);
    }

    private void addLimits(List<Snapshot.LimitView> limits) {
        perLimit(
                "wslproxy_limit_used",
                "What the whole program has open; rate: sources of the last second.",
                limits,
                Snapshot.LimitView::used);
        perLimit(
                "wslproxy_limit_max",
                "The limit of the whole program; rate: connections a second, 0 is any.",
                limits,
                Snapshot.LimitView::max);
        CounterSnapshot.Builder refused = CounterSnapshot.builder()
                .name("wslproxy_limit_refused")
                .help("Clients turned away by a limit of the whole program.");
        limits.forEach(limit -> refused.dataPoint(counted(Labels.of("limit", limit.name()), limit.refused())));
        metrics.metricSnapshot(refused.build());
    }

    private void addForwards(Collection<Snapshot.ForwardView> forwards) {
        perForward(
                "wslproxy_forward_up",
                "1 if every listener of the forward listens, else 0.",
                forwards,
                forward -> forward.state() == Snapshot.State.LISTENING ? 1 : 0);
        perForward("wslproxy_open", "TCP links and UDP sessions open now.", forwards, Snapshot.ForwardView::open);
        CounterSnapshot.Builder accepted =
                CounterSnapshot.builder().name("wslproxy_accepted").help("TCP links and UDP sessions so far.");
        CounterSnapshot.Builder refused = CounterSnapshot.builder()
                .name("wslproxy_refused")
                .help("Clients turned away, and connects that failed.");
        CounterSnapshot.Builder bytes = CounterSnapshot.builder()
                .name("wslproxy_bytes")
                .help("Bytes relayed; in is from clients to the target.");
        for (Snapshot.ForwardView forward : forwards) {
            Labels labels = Labels.of("forward", forward.name());
            accepted.dataPoint(counted(labels, forward.accepted()));
            refused.dataPoint(counted(labels, forward.refused()));
            bytes.dataPoint(counted(labels.add("direction", "in"), forward.bytesIn()));
            bytes.dataPoint(counted(labels.add("direction", "out"), forward.bytesOut()));
        }
        metrics.metricSnapshot(accepted.build());
        metrics.metricSnapshot(refused.build());
        metrics.metricSnapshot(bytes.build());
    }

    private void gauge(String name, String help, long value) {
        metrics.metricSnapshot(GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(measured(Labels.EMPTY, value))
                .build());
    }

    private void perLimit(
            String name, String help, List<Snapshot.LimitView> limits, ToLongFunction<Snapshot.LimitView> value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        limits.forEach(limit -> gauge.dataPoint(measured(Labels.of("limit", limit.name()), value.applyAsLong(limit))));
        metrics.metricSnapshot(gauge.build());
    }

    private void perForward(
            String name,
            String help,
            Collection<Snapshot.ForwardView> forwards,
            ToLongFunction<Snapshot.ForwardView> value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        forwards.forEach(
                forward -> gauge.dataPoint(measured(Labels.of("forward", forward.name()), value.applyAsLong(forward))));
        metrics.metricSnapshot(gauge.build());
    }

    private static GaugeDataPointSnapshot measured(Labels labels, long value) {
        return GaugeDataPointSnapshot.builder()
                .labels(labels)
                .value((double) value)
                .build();
    }

    private static CounterDataPointSnapshot counted(Labels labels, long value) {
        return CounterDataPointSnapshot.builder()
                .labels(labels)
                .value((double) value)
                .build();
    }

    private static boolean isUp(Snapshot.Target target) {
        return target.state().equals("up") || target.state().equals("on-lan");
    }
}
