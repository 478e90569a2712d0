package io.github.wslproxy.status;

import com.google.gson.stream.JsonWriter;
import io.github.wslproxy.relay.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The snapshot as one JSON document. Its names are a promise to programs outside; what is empty is null. */
final class StatusJson {
    /** More of them nobody reads line by line, and a third of the bytes would be blanks. */
    private static final int MOST_INDENTED = 500;

    private StatusJson() {}

    static String of(Snapshot snapshot) {
        return new String(bytes(snapshot), StandardCharsets.UTF_8);
    }

    /** In UTF-8, without a string on the way: with thousands of forwards that would be another megabyte or two. */
    static byte[] bytes(Snapshot snapshot) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonWriter json = new JsonWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8))) {
            if (snapshot.forwards().size() <= MOST_INDENTED) {
                json.setIndent("  ");
            }
            write(json, snapshot);
        } catch (IOException impossibleInMemory) {
            throw new UncheckedIOException(impossibleInMemory);
        }
        bytes.write('\n');
        return bytes.toByteArray();
    }

    private static void write(JsonWriter json, Snapshot snapshot) throws IOException {
        json.beginObject();
        json.name("version").value(snapshot.version());
        json.name("pid").value(snapshot.pid());
        json.name("java");
        write(json, snapshot.java().orElse(null));
        json.name("uptime_seconds").value(snapshot.uptime().toSeconds());
        valueOrNull(json.name("config"), snapshot.config());
        valueOrNull(json.name("config_option"), snapshot.configOption());
        valueOrNull(json.name("config_error"), snapshot.configError());
        json.name("target");
        write(json, snapshot.target());
        json.name("limits").beginObject();
        for (Snapshot.LimitView limit : snapshot.limits()) {
            json.name(limit.name());
            write(json, limit);
        }
        json.endObject();
        json.name("forwards").beginArray();
        for (Snapshot.ForwardView forward : snapshot.forwards()) {
            write(json, forward);
        }
        json.endArray();
        json.name("events").beginArray();
        for (Snapshot.Event event : snapshot.events()) {
            json.beginObject();
            json.name("at").value(event.at().toString());
            json.name("level").value(event.level());
            json.name("text").value(event.text());
            json.endObject();
        }
        json.endArray();
        json.endObject();
    }

    private static void write(JsonWriter json, Snapshot.@Nullable Java java) throws IOException {
        if (java == null) {
            json.nullValue();
            return;
        }
        json.beginObject();
        json.name("version").value(java.version());
        json.name("exclusive_bind").value(java.exclusiveBind());
        json.name("keep_alive").value(java.keepAlive());
        json.endObject();
    }

    private static void write(JsonWriter json, Snapshot.Target target) throws IOException {
        json.beginObject();
        json.name("state").value(target.state());
        valueOrNull(json.name("address"), target.address());
        json.name("since").value(target.since().toString());
        json.name("reason").value(target.reason());
        valueOrNull(json.name("on_stopped"), target.onStopped());
        json.name("hold_seconds").value(target.hold().toMillis() / 1000.0);
        json.endObject();
    }

    private static void write(JsonWriter json, Snapshot.LimitView limit) throws IOException {
        json.beginObject();
        json.name("used").value(limit.used());
        json.name("max").value(limit.max());
        json.name("refused").value(limit.refused());
        json.endObject();
    }

    private static void write(JsonWriter json, Snapshot.ForwardView forward) throws IOException {
        json.beginObject();
        json.name("name").value(forward.name());
        json.name("protocol").value(forward.protocol());
        write(json.name("listen"), forward.listen());
        json.name("target").value(forward.target());
        valueOrNull(json.name("resolved"), forward.resolved());
        json.name("state").value(forward.state().toString());
        valueOrNull(json.name("error"), forward.error());
        json.name("open").value(forward.open());
        json.name("accepted").value(forward.accepted());
        json.name("refused").value(forward.refused());
        json.name("bytes_in").value(forward.bytesIn());
        json.name("bytes_out").value(forward.bytesOut());
        valueOrNull(
                json.name("last_error"),
                forward.lastProblem().map(Snapshot.LastProblem::withTime).orElse(""));
        json.name("last_problem");
        write(json, forward.lastProblem().orElse(null));
        json.name("last_client");
        write(json, forward.lastClient());
        valueOrNull(json.name("last_own_client"), forward.lastOwnClient());
        json.name("origin").value(forward.origin().toString());
        valueOrNull(
                json.name("ends_at"), forward.endsAt().map(Instant::toString).orElse(""));
        write(json.name("urls"), forward.urls());
        json.name("clients").beginArray();
        for (Snapshot.ClientView client : forward.clients()) {
            json.beginObject();
            json.name("address").value(client.address());
            json.name("open").value(client.open());
            json.endObject();
        }
        json.endArray();
        valueOrNull(json.name("toml"), forward.toml());
        valueOrNull(json.name("why_no_url"), forward.whyNoUrl());
        valueOrNull(json.name("clients_allowed"), forward.clientsAllowed());
        json.endObject();
    }

    private static void write(JsonWriter json, List<String> texts) throws IOException {
        json.beginArray();
        for (String text : texts) {
            json.value(text);
        }
        json.endArray();
    }

    private static void write(JsonWriter json, Optional<Snapshot.LastClient> client) throws IOException {
        if (client.isEmpty()) {
            json.nullValue();
            return;
        }
        json.beginObject();
        json.name("address").value(client.get().address());
        json.name("at").value(client.get().at().toString());
        json.name("accepted").value(client.get().refusal().isEmpty());
        valueOrNull(json.name("refusal"), client.get().refusal());
        valueOrNull(json.name("code"), code(client.get().code()));
        valueOrNull(json.name("cure"), client.get().cure());
        json.endObject();
    }

    /** The same, apart. */
    private static void write(JsonWriter json, Snapshot.@Nullable LastProblem problem) throws IOException {
        if (problem == null) {
            json.nullValue();
            return;
        }
        json.beginObject();
        json.name("at").value(problem.at().toString());
        valueOrNull(json.name("client"), problem.client());
        json.name("text").value(problem.text());
        valueOrNull(json.name("code"), code(problem.code()));
        valueOrNull(json.name("limit"), problem.limit());
        valueOrNull(json.name("cure"), problem.cure());
        valueOrNull(
                json.name("served_since"),
                problem.servedSince().map(Instant::toString).orElse(""));
        json.endObject();
    }

    private static String code(Optional<Refusal.Code> code) {
        return code.map(Refusal.Code::toString).orElse("");
    }

    private static void valueOrNull(JsonWriter json, String text) throws IOException {
        if (text.isEmpty()) {
            json.nullValue();
        } else {
            json.value(text);
        }
    }
}
