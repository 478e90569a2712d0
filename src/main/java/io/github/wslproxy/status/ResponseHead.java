package io.github.wslproxy.status;

import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * What stands before the body of each answer. All of it is text of this program, so nobody can put a header into it.
 */
final class ResponseHead {
    private ResponseHead() {}

    static String of(Response response, boolean closes) {
        return "HTTP/1.1 " + HttpResponseStatus.valueOf(response.status())
                + line("Content-Type", response.contentType())
                + line("Content-Length", String.valueOf(response.body().remaining()))
                + line("Content-Security-Policy", StatusPage.SECURITY_POLICY)
                + line("X-Content-Type-Options", "nosniff")
                + line("Cross-Origin-Resource-Policy", "same-origin")
                + line("Referrer-Policy", "no-referrer")
                + line("Cache-Control", "no-store")
                + (response.allow().isEmpty() ? "" : line("Allow", response.allow()))
                // HTTP/1.0 goes on only where that is said.
                + line("Connection", closes ? "close" : "keep-alive")
                + "\r\n\r\n";
    }

    private static String line(String name, String value) {
        return "\r\n" + name + ": " + value;
    }
}
