package io.github.wslproxy.status;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import io.github.wslproxy.os.SafeText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The documents of the status address. Whoever took the port may answer with anything. So text that is no such document
 * throws any RuntimeException, and each text of a document comes back fit for a terminal.
 */
final class StatusJson {
    /** Nobody reads more forwards line by line, and a third of the bytes would be blanks. */
    private static final int MOST_INDENTED = 500;

    private static final int MOST_LINKS = 200;

    private static final Gson GSON = RecordJson.builder(Map.of(Snapshot.Origin.class, Snapshot.Origin.FILE))
            .registerTypeAdapter(String.class, new Text().nullSafe())
            .create();

    private StatusJson() {}

    /** The document of {@code /api/links}: the open connections and sessions of a forward, most bytes first. */
    private record Links(List<AdminApi.ConnectionView> links, int more) {}

    /**
     * The document of {@code /api/status}. It makes UTF-8 without a string on the way: of thousands of forwards that
     * would be another megabyte or two.
     */
    static byte[] bytes(Snapshot snapshot) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonWriter json = new JsonWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8))) {
            json.setIndent(snapshot.forwards().size() <= MOST_INDENTED ? "  " : "");
            GSON.toJson(snapshot, Snapshot.class, json);
        } catch (IOException impossibleInMemory) {
            throw new UncheckedIOException(impossibleInMemory);
        }
        bytes.write('\n');
        return bytes.toByteArray();
    }

    static String links(List<AdminApi.ConnectionView> links) {
        List<AdminApi.ConnectionView> shown = links.stream()
                .sorted(Comparator.comparingLong(AdminApi.ConnectionView::bytes).reversed())
                .limit(MOST_LINKS)
                .toList();
        return GSON.toJson(new Links(shown, links.size() - shown.size())) + "\n";
    }

    static Snapshot read(String document) {
        Snapshot snapshot = GSON.fromJson(document, Snapshot.class);
        if (snapshot.version().isEmpty()
                || snapshot.forwards().stream()
                        .anyMatch(forward -> forward.name().isEmpty())) {
            throw new JsonParseException("no status of wslproxy");
        }
        return snapshot;
    }

    /** Throws any RuntimeException for what is no object. */
    static JsonObject object(String text) {
        JsonObject object = GSON.fromJson(text, JsonObject.class);
        if (object == null) {
            throw new JsonParseException("an empty document");
        }
        return object;
    }

    /** The one text of an object; throws any RuntimeException if there is none. */
    static String line(String object, String key) {
        return SafeText.escaped(object(object).get(key).getAsString());
    }

    private static final class Text extends TypeAdapter<String> {
        @Override
        public void write(JsonWriter out, String text) throws IOException {
            out.value(text);
        }

        @Override
        public String read(JsonReader in) throws IOException {
            return SafeText.escaped(in.nextString());
        }
    }
}
