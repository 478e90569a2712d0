package io.github.wslproxy.status;

import java.util.List;
import java.util.function.ToLongFunction;

/** The snapshot in the text format of Prometheus, version 0.0.4. */
final class StatusMetrics {
    private final StringBuilder text = new StringBuilder();
    private final List<Snapshot.ForwardView> forwards;

    private StatusMetrics(List<Snapshot.ForwardView> forwards) {
        this.forwards = forwards;
    }

    static String of(Snapshot snapshot) {
        StatusMetrics metrics = new StatusMetrics(snapshot.forwards());
        metrics.writeProgram(snapshot);
        metrics.writeLimits(snapshot.limits());
        metrics.writeForwards();
        return metrics.text.toString();
    }

    private void writeProgram(Snapshot snapshot) {
        describe("wslproxy_info", "gauge", "The running program.");
        sample("wslproxy_info", label("version", snapshot.version()), 1);
        describe("wslproxy_uptime_seconds", "gauge", "Seconds since the program started.");
        sample("wslproxy_uptime_seconds", "", snapshot.uptime().toSeconds());
        describe("wslproxy_target_up", "gauge", "1 if WSL is up, or shares the network of Windows; else 0.");
        sample("wslproxy_target_up", "", isUp(snapshot.target()) ? 1 : 0);
    }

    private void writeLimits(List<Snapshot.LimitView> limits) {
        describe("wslproxy_limit_used", "gauge", "What the whole program has open; rate: sources of the last second.");
        perLimit("wslproxy_limit_used", limits, Snapshot.LimitView::used);
        describe(
                "wslproxy_limit_max", "gauge", "The limit of the whole program; rate: connections a second, 0 is any.");
        perLimit("wslproxy_limit_max", limits, Snapshot.LimitView::max);
        describe("wslproxy_limit_refused_total", "counter", "Clients turned away by a limit of the whole program.");
        perLimit("wslproxy_limit_refused_total", limits, Snapshot.LimitView::refused);
    }

    private void perLimit(String name, List<Snapshot.LimitView> limits, ToLongFunction<Snapshot.LimitView> value) {
        for (Snapshot.LimitView limit : limits) {
            sample(name, label("limit", limit.name()), value.applyAsLong(limit));
        }
    }

    private void writeForwards() {
        describe("wslproxy_forward_up", "gauge", "1 if every listener of the forward listens, else 0.");
        perForward("wslproxy_forward_up", "", forward -> forward.state() == Snapshot.State.LISTENING ? 1 : 0);
        describe("wslproxy_open", "gauge", "TCP links and UDP sessions open now.");
        perForward("wslproxy_open", "", Snapshot.ForwardView::open);
        describe("wslproxy_accepted_total", "counter", "TCP links and UDP sessions so far.");
        perForward("wslproxy_accepted_total", "", Snapshot.ForwardView::accepted);
        describe("wslproxy_refused_total", "counter", "Clients turned away, and connects that failed.");
        perForward("wslproxy_refused_total", "", Snapshot.ForwardView::refused);
        describe("wslproxy_bytes_total", "counter", "Bytes relayed; in is from clients to the target.");
        perForward("wslproxy_bytes_total", ",direction=\"in\"", Snapshot.ForwardView::bytesIn);
        perForward("wslproxy_bytes_total", ",direction=\"out\"", Snapshot.ForwardView::bytesOut);
    }

    private void perForward(String name, String moreLabels, ToLongFunction<Snapshot.ForwardView> value) {
        for (Snapshot.ForwardView forward : forwards) {
            sample(name, label("forward", forward.name()) + moreLabels, value.applyAsLong(forward));
        }
    }

    private void describe(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private void sample(String name, String labels, long value) {
        text.append(name);
        if (!labels.isEmpty()) {
            text.append('{').append(labels).append('}');
        }
        text.append(' ').append(value).append('\n');
    }

    private static boolean isUp(Snapshot.Target target) {
        return target.state().equals("up") || target.state().equals("on-lan");
    }

    private static String label(String name, String value) {
        String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        return name + "=\"" + escaped + "\"";
    }
}
