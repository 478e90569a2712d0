package io.github.wslproxy.status;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a request is answered with. Several connections may send the same one, so its bytes are read-only.
 *
 * @param status of HTTP
 * @param allow the methods that are allowed there; empty unless the method was the mistake
 * @param body read-only; whoever reads it takes a duplicate
 */
record Response(int status, String contentType, String allow, ByteBuffer body) {
    private static final String PLAIN = "text/plain; charset=utf-8";

    /** By its standard JSON needs no charset, but Windows PowerShell 5 reads Latin-1 without one. */
    static final String JSON = "application/json; charset=utf-8";

    static Response of(int status, String contentType, String text) {
        return of(status, contentType, text.getBytes(StandardCharsets.UTF_8));
    }

    /** @param bytes are not changed any more */
    static Response of(int status, String contentType, byte[] bytes) {
        return new Response(status, contentType, "", ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    }

    /** One line for a person. */
    static Response line(int status, String line) {
        return of(status, PLAIN, line + "\n");
    }

    static Response notAllowed(String allow, String line) {
        return new Response(405, PLAIN, allow, line(405, line).body());
    }
}
