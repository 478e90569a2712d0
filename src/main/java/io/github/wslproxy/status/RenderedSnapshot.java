package io.github.wslproxy.status;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot with the documents that were made of it, each once: many clients then share the bytes, which are megabytes
 * where there are thousands of forwards. Safe for any thread.
 */
final class RenderedSnapshot {
    /** A QR code for each URL of thousands of forwards would fill the heap. */
    private static final int MOST_DOCUMENTS = 64;

    private final Snapshot snapshot;
    private final Map<String, Response> documents = new ConcurrentHashMap<>();

    RenderedSnapshot(Snapshot snapshot) {
        this.snapshot = snapshot;
    }

    /** The document of that name, if it was made already. */
    @Nullable
    Response ready(String name) {
        return documents.get(name);
    }

    /** Makes the document unless it was made already; that takes its time, so not on an event loop. */
    Response response(String name, Function<Snapshot, Response> make) {
        Response ready = documents.get(name);
        if (ready != null) {
            return ready;
        }
        Response made = make.apply(snapshot);
        if (made.status() == 200 && documents.size() < MOST_DOCUMENTS) {
            documents.put(name, made);
        }
        return made;
    }
}
