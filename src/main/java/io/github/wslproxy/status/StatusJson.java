package io.github.wslproxy.status;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import io.github.wslproxy.os.SafeText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The documents of the status address as JSON, and back: a record is an object with a key for each of its components.
 *
 * <p>Whoever took the port may answer with anything. So what is no such document throws any RuntimeException, what is
 * missing or null comes back as what is empty of its type, and each text comes back fit for a terminal.
 */
final class StatusJson {
    /** Nobody reads more forwards line by line, and a third of the bytes would be blanks. */
    private static final int MOST_INDENTED = 500;

    private static final int MOST_LINKS = 200;

    /**
     * Strict: where a thousand byte order marks begin a word without quotes, Gson 2.13 reads it for ever otherwise.
     */
    private static final Gson GSON = new GsonBuilder()
            .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
            .setStrictness(Strictness.STRICT)
            .serializeNulls()
            .disableHtmlEscaping()
            .registerTypeAdapter(String.class, new Text().nullSafe())
            .registerTypeAdapter(Instant.class, new Moment().nullSafe())
            .registerTypeAdapter(Duration.class, new WholeSeconds().nullSafe())
            .registerTypeAdapterFactory(new Present())
            .registerTypeAdapterFactory(new Words())
            .registerTypeAdapterFactory(new Complete())
            .create();

    private StatusJson() {}

    /** The document of {@code /api/links}: the open connections and sessions of a forward, most bytes first. */
    private record Links(List<AdminApi.LinkView> links, int more) {}

    static String of(Snapshot snapshot) {
        return new String(bytes(snapshot), StandardCharsets.UTF_8);
    }

    /** Makes UTF-8 without a string on the way: of thousands of forwards that would be another megabyte or two. */
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

    static String links(List<AdminApi.LinkView> links) {
        List<AdminApi.LinkView> shown = links.stream()
                .sorted(Comparator.comparingLong(AdminApi.LinkView::bytes).reversed())
                .limit(MOST_LINKS)
                .toList();
        return GSON.toJson(new Links(shown, links.size() - shown.size())) + "\n";
    }

    static Snapshot read(String document) {
        JsonObject object = object(document);
        Snapshot snapshot = GSON.fromJson(object, Snapshot.class);
        if (!object.has("version")
                || !object.has("forwards")
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

    // ---- values ----------------------------------------------------------------------------------------------------

    private static class Text extends TypeAdapter<String> {
        @Override
        public void write(JsonWriter out, String text) throws IOException {
            out.value(text);
        }

        @Override
        public String read(JsonReader in) throws IOException {
            return SafeText.escaped(in.nextString());
        }
    }

    /** An empty text is null in the document. */
    static final class TextOrNull extends Text {
        @Override
        public void write(JsonWriter out, String text) throws IOException {
            out.value(text.isEmpty() ? null : text);
        }
    }

    private static final class Moment extends TypeAdapter<Instant> {
        @Override
        public void write(JsonWriter out, Instant at) throws IOException {
            out.value(at.toString());
        }

        @Override
        public @Nullable Instant read(JsonReader in) throws IOException {
            try {
                return Instant.parse(in.nextString());
            } catch (DateTimeException odd) {
                return null;
            }
        }
    }

    private static final class WholeSeconds extends TypeAdapter<Duration> {
        @Override
        public void write(JsonWriter out, Duration length) throws IOException {
            out.value(length.toSeconds());
        }

        @Override
        public Duration read(JsonReader in) throws IOException {
            return Duration.ofSeconds(in.nextLong());
        }
    }

    /** Seconds with a fraction, to the millisecond. */
    static final class Fraction extends TypeAdapter<Duration> {
        @Override
        public void write(JsonWriter out, Duration length) throws IOException {
            out.value(length.toMillis() / 1000.0);
        }

        @Override
        public Duration read(JsonReader in) throws IOException {
            return Duration.ofMillis(Math.round(in.nextDouble() * 1000));
        }
    }

    /** An Optional is its value or null. */
    private static final class Present implements TypeAdapterFactory {
        @Override
        @SuppressWarnings("unchecked") // T is Optional<V>.
        public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
            return type.getType() instanceof ParameterizedType optional && type.getRawType() == Optional.class
                    ? (TypeAdapter<T>) of(gson.getAdapter(TypeToken.get(optional.getActualTypeArguments()[0])))
                    : null;
        }

        private static <V> TypeAdapter<Optional<V>> of(TypeAdapter<V> value) {
            return new TypeAdapter<>() {
                @Override
                public void write(JsonWriter out, Optional<V> optional) throws IOException {
                    if (optional.isPresent()) {
                        value.write(out, optional.get());
                    } else {
                        out.nullValue();
                    }
                }

                @Override
                public Optional<V> read(JsonReader in) throws IOException {
                    if (in.peek() == JsonToken.NULL) {
                        in.nextNull();
                        return Optional.empty();
                    }
                    return Optional.ofNullable(value.read(in));
                }
            };
        }
    }

    /** A constant of an enum is its word; a word that this version does not know is read as null. */
    private static final class Words implements TypeAdapterFactory {
        @Override
        public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
            if (!type.getRawType().isEnum()) {
                return null;
            }
            return new TypeAdapter<T>() {
                @Override
                public void write(JsonWriter out, T constant) throws IOException {
                    out.value(constant.toString());
                }

                @Override
                @SuppressWarnings("unchecked") // The constants of T.
                public @Nullable T read(JsonReader in) throws IOException {
                    String word = in.nextString();
                    return (T) Arrays.stream(type.getRawType().getEnumConstants())
                            .filter(constant -> constant.toString().equals(word))
                            .findFirst()
                            .orElse(null);
                }
            }.nullSafe();
        }
    }

    /** Fills in what is empty of its type for each component that was not sent, so that no record holds a null. */
    private static final class Complete implements TypeAdapterFactory {
        private static final Map<Class<?>, Object> EMPTY = Map.of(
                String.class,
                "",
                Optional.class,
                Optional.empty(),
                List.class,
                List.of(),
                Map.class,
                Map.of(),
                Instant.class,
                Instant.EPOCH,
                Duration.class,
                Duration.ZERO,
                Snapshot.Origin.class,
                Snapshot.Origin.FILE);

        @Override
        public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
            if (!type.getRawType().isRecord()) {
                return null;
            }
            TypeAdapter<T> ofGson = gson.getDelegateAdapter(this, type);
            return new TypeAdapter<>() {
                @Override
                public void write(JsonWriter out, T value) throws IOException {
                    ofGson.write(out, value);
                }

                @Override
                public T read(JsonReader in) throws IOException {
                    try {
                        return complete(ofGson.read(in), type.getRawType());
                    } catch (ReflectiveOperationException impossibleForRecord) {
                        throw new JsonParseException(impossibleForRecord);
                    }
                }
            };
        }

        @SuppressWarnings("unchecked") // Another T.
        private static <T> T complete(T read, Class<?> type) throws ReflectiveOperationException {
            RecordComponent[] components = type.getRecordComponents();
            Object[] values = new Object[components.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = sent(
                        components[i].getType(), components[i].getAccessor().invoke(read));
            }
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return (T) type.getDeclaredConstructor(types).newInstance(values);
        }

        private static Object sent(Class<?> type, @Nullable Object value) {
            Object sent = value == null ? EMPTY.get(type) : value;
            if (sent == null || (sent instanceof List<?> list && list.stream().anyMatch(item -> item == null))) {
                throw new JsonParseException("no " + type.getSimpleName());
            }
            return sent;
        }
    }
}
