package io.github.wslproxy.status;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * JSON of records: an object with a key for each component, in that order, {@code bytesIn} as {@code bytes_in}. A
 * record that is read holds no null: a component that is missing, or null, gets the empty value of its type.
 */
public final class RecordJson {
    private RecordJson() {}

    /**
     * Strict, as Gson 2.13 otherwise reads for ever where a thousand byte order marks begin a word without quotes.
     *
     * @param defaults values for components that are missing, by their type
     */
    public static GsonBuilder builder(Map<Class<?>, Object> defaults) {
        return new GsonBuilder()
                .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
                .setStrictness(Strictness.STRICT)
                .serializeNulls()
                .disableHtmlEscaping()
                .registerTypeAdapter(Instant.class, new Moment().nullSafe())
                .registerTypeAdapter(Duration.class, new WholeSeconds().nullSafe())
                .registerTypeAdapterFactory(new Present())
                .registerTypeAdapterFactory(new Words())
                .registerTypeAdapterFactory(new Complete(defaults));
    }

    /** Makes an empty text null in the document. */
    public static final class TextOrNull implements TypeAdapterFactory {
        @Override
        @SuppressWarnings("unchecked") // T is String.
        public <T> TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
            TypeAdapter<String> text = gson.getAdapter(String.class);
            return (TypeAdapter<T>) new TypeAdapter<String>() {
                @Override
                public void write(JsonWriter out, String value) throws IOException {
                    text.write(out, value.isEmpty() ? null : value);
                }

                @Override
                public String read(JsonReader in) throws IOException {
                    return text.read(in);
                }
            };
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

    /** A text that is no time is read as null. */
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

    /** Gives each component that was not sent the empty value of its type, so that no record holds a null. */
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
                Duration.ZERO);

        private final Map<Class<?>, Object> empty = new HashMap<>(EMPTY);

        Complete(Map<Class<?>, Object> defaults) {
            empty.putAll(defaults);
        }

        @Override
        public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
            return type.getRawType().isRecord()
                    ? new Adapter<>(gson.getDelegateAdapter(this, type), type.getRawType(), empty)
                    : null;
        }

        private static final class Adapter<T> extends TypeAdapter<T> {
            private final TypeAdapter<T> ofGson;
            private final RecordComponent[] components;
            private final Constructor<?> constructor;
            private final Map<Class<?>, Object> empty;

            Adapter(TypeAdapter<T> ofGson, Class<?> type, Map<Class<?>, Object> empty) {
                this.ofGson = ofGson;
                this.components = type.getRecordComponents();
                this.constructor = canonical(type);
                constructor.setAccessible(true);
                Arrays.stream(components)
                        .forEach(component -> component.getAccessor().setAccessible(true));
                this.empty = empty;
            }

            private static Constructor<?> canonical(Class<?> type) {
                Class<?>[] types = Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getType)
                        .toArray(Class<?>[]::new);
                return Arrays.stream(type.getDeclaredConstructors())
                        .filter(any -> Arrays.equals(any.getParameterTypes(), types))
                        .findFirst()
                        .orElseThrow();
            }

            @Override
            public void write(JsonWriter out, T value) throws IOException {
                ofGson.write(out, value);
            }

            @Override
            public T read(JsonReader in) throws IOException {
                try {
                    return complete(ofGson.read(in));
                } catch (ReflectiveOperationException e) {
                    throw new JsonParseException(e);
                }
            }

            @SuppressWarnings("unchecked") // The constructor is that of T.
            private T complete(T read) throws ReflectiveOperationException {
                boolean isComplete = true;
                Object[] values = new Object[components.length];
                for (int i = 0; i < values.length; i++) {
                    Object sent = components[i].getAccessor().invoke(read);
                    values[i] = sent == null ? empty.get(components[i].getType()) : sent;
                    isComplete &= sent != null;
                    if (values[i] == null || (values[i] instanceof List<?> list && holdsNull(list))) {
                        throw new JsonParseException("no " + components[i].getName());
                    }
                }
                return isComplete ? read : (T) constructor.newInstance(values);
            }

            private static boolean holdsNull(List<?> list) {
                return list.stream().anyMatch(item -> item == null);
            }
        }
    }
}
