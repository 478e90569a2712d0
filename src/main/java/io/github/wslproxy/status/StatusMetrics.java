package io.github.wslproxy.status;

import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.Snapshot.LimitView;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot in the text format of Prometheus, or in that of OpenMetrics for a client that accepts it. Its labels are
 * the names of forwards and limits, of which there are as many as somebody has asked for.
 *
 * <p>The writers are made here, as the library's own choice of a writer reads settings from the environment.
 */
final class StatusMetrics {
    private static final ExpositionFormatWriter PROMETHEUS =
            PrometheusTextFormatWriter.builder().build();
    private static final ExpositionFormatWriter OPEN_METRICS =
            OpenMetricsTextFormatWriter.builder().build();

    private final MetricSnapshots.Builder metrics = MetricSnapshots.builder();

    private StatusMetrics() {}

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

    /** Two samples with equal labels would spoil the whole document. */
    private static Map<String, ForwardView> oneOfEachName(List<ForwardView> forwards) {
        Map<String, ForwardView> byName = new LinkedHashMap<>();
        forwards.forEach(forward -> byName.putIfAbsent(forward.name(), forward));
        return byName;
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
                List.of(measured(Labels.EMPTY, snapshot.uptime().toSeconds())));
        gauge(
                "wslproxy_target_up",
                "1 if WSL is up, or shares the network of Windows; else 0.",
                List.of(measured(Labels.EMPTY, isUp(snapshot.target()) ? 1 : 0)));
    }

    private static boolean isUp(Snapshot.Target target) {
        return target.state().equals("up") || target.state().equals("on-lan");
    }

    private void addLimits(Map<String, LimitView> limits) {
        gauge(
                "wslproxy_limit_used",
                "What the whole program has open; rate: sources of the last second.",
                measured("limit", limits, LimitView::used));
        gauge(
                "wslproxy_limit_max",
                "The limit of the whole program; rate: connections a second, 0 is any.",
                measured("limit", limits, LimitView::max));
        counter(
                "wslproxy_limit_refused",
                "Clients turned away by a limit of the whole program.",
                counted("limit", limits, LimitView::refused));
    }

    private void addForwards(Map<String, ForwardView> forwards) {
        gauge(
                "wslproxy_forward_up",
                "1 if every listener of the forward listens, else 0.",
                measured("forward", forwards, forward -> forward.state() == Snapshot.ForwardState.LISTENING ? 1 : 0));
        gauge(
                "wslproxy_open",
                "TCP links and UDP sessions open now.",
                measured("forward", forwards, ForwardView::open));
        counter(
                "wslproxy_accepted",
                "TCP links and UDP sessions so far.",
                counted("forward", forwards, ForwardView::accepted));
        counter(
                "wslproxy_refused",
                "Clients turned away, and connects that failed.",
                counted("forward", forwards, ForwardView::refused));
        counter(
                "wslproxy_bytes",
                "Bytes relayed; in is from clients to the target.",
                forwards.entrySet().stream()
                        .flatMap(entry -> bytes(entry.getKey(), entry.getValue()))
                        .toList());
    }

    private static Stream<CounterDataPointSnapshot> bytes(String name, ForwardView forward) {
        Labels labels = Labels.of("forward", name);
        return Stream.of(
                counted(labels.add("direction", "in"), forward.bytesIn()),
                counted(labels.add("direction", "out"), forward.bytesOut()));
    }

    private void gauge(String name, String help, List<GaugeDataPointSnapshot> points) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        points.forEach(gauge::dataPoint);
        metrics.metricSnapshot(gauge.build());
    }

    private void counter(String name, String help, List<CounterDataPointSnapshot> points) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
        points.forEach(counter::dataPoint);
        metrics.metricSnapshot(counter.build());
    }

    private static <T> List<GaugeDataPointSnapshot> measured(
            String label, Map<String, T> byName, ToLongFunction<T> value) {
        return byName.entrySet().stream()
                .map(entry -> measured(Labels.of(label, entry.getKey()), value.applyAsLong(entry.getValue())))
                .toList();
    }

    private static <T> List<CounterDataPointSnapshot> counted(
            String label, Map<String, T> byName, ToLongFunction<T> value) {
        return byName.entrySet().stream()
                .map(entry -> counted(Labels.of(label, entry.getKey()), value.applyAsLong(entry.getValue())))
                .toList();
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
}
