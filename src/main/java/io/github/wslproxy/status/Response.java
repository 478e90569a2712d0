package io.github.wslproxy.status;

import com.google.gson.JsonObject;
import io.github.wslproxy.status.StatusAnswer.ActionResult;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a request is answered with. Several connections may send one response, so its bytes are read-only.
 *
 * @param status of HTTP
 * @param allow the methods that are allowed there; empty unless the method was the mistake
 * @param body read-only; whoever reads it takes a duplicate
 */
record Response(int status, String contentType, String allow, ByteBuffer body) {
    private static final String PLAIN = "text/plain; charset=utf-8";

    /** The standard of JSON has no charset, but Windows PowerShell 5 reads Latin-1 without one. */
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

    /** The answer to an action: one line, under a key that says what came of it. */
    static Response action(int status, ActionResult result) {
        JsonObject json = new JsonObject();
        json.addProperty(result.done() ? "done" : "refused", result.line());
        return of(status, JSON, json + "\n");
    }

    static Response notAllowed(String allow, String line) {
        return new Response(405, PLAIN, allow, line(405, line).body());
    }

    /** What stands before the body. All of it is text of this program, so nobody can put a header into it. */
    byte[] head(boolean closes) {
        String head = "HTTP/1.1 " + HttpResponseStatus.valueOf(status)
                + header("Content-Type", contentType)
                + header("Content-Length", String.valueOf(body.remaining()))
                + header("Content-Security-Policy", StatusPage.SECURITY_POLICY)
                + header("X-Content-Type-Options", "nosniff")
                + header("Cross-Origin-Resource-Policy", "same-origin")
                + header("Referrer-Policy", "no-referrer")
                + header("Cache-Control", "no-store")
                + (allow.isEmpty() ? "" : header("Allow", allow))
                // A client of HTTP/1.0 keeps the connection only if it is told to.
                + header("Connection", closes ? "close" : "keep-alive")
                + "\r\n\r\n";
        return head.getBytes(StandardCharsets.US_ASCII);
    }

    private static String header(String name, String value) {
        return "\r\n" + name + ": " + value;
    }
}
