package io.github.wslproxy.status;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** The open links and sessions of a forward as JSON: those with the most bytes first. */
final class LinksJson {
    private static final int MOST = 200;

    private LinksJson() {}

    static String of(List<AdminApi.LinkView> links) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject();
            json.name("links").beginArray();
            List<AdminApi.LinkView> shown = links.stream()
                    .sorted((one, other) -> Long.compare(bytes(other), bytes(one)))
                    .limit(MOST)
                    .toList();
            for (AdminApi.LinkView link : shown) {
                write(json, link);
            }
            json.endArray();
            json.name("more").value(links.size() - shown.size());
            json.endObject();
        } catch (IOException impossibleInMemory) {
            throw new UncheckedIOException(impossibleInMemory);
        }
        return text.append('\n').toString();
    }

    private static long bytes(AdminApi.LinkView link) {
        return link.bytesIn() + link.bytesOut();
    }

    private static void write(JsonWriter json, AdminApi.LinkView link) throws IOException {
        json.beginObject();
        json.name("protocol").value(link.protocol().toString());
        json.name("client").value(link.client());
        json.name("target").value(link.target());
        json.name("seconds").value(link.age().toSeconds());
        json.name("bytes_in").value(link.bytesIn());
        json.name("bytes_out").value(link.bytesOut());
        json.endObject();
    }
}
