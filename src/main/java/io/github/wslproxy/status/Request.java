package io.github.wslproxy.status;

import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that has arrived whole.
 *
 * @param method as it was sent; HTTP tells {@code get} from {@code GET}
 * @param target the request target, with a path
 * @param body read as UTF-8; of a length that {@link RequestReader} limits
 */
record Request(String method, URI target, HttpHeaders headers, String body) {

    String path() {
        return target.getPath();
    }

    /** The first header of that name. */
    @Nullable
    String header(String name) {
        return headers.get(name);
    }

    List<String> all(String name) {
        return headers.getAll(name);
    }

    boolean isHead() {
        return method.equals("HEAD");
    }
}
