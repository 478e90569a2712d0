package io.github.wslproxy.status;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.wslproxy.testing.Fuzz;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Any bytes on the status address, over real sockets: a whole answer of HTTP or the end of the connection. */
@Tag("slow")
public class StatusHttpFuzzTest {
    private static final Pattern ANSWER = Pattern.compile("HTTP/1\\.1 (\\d{3}) [^\\r\\n]*\\r\\n");
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)\r\n");

    /** A Host that a browser can be made to send for a site of its own begins with none of these. */
    private static final Pattern OWN = Pattern.compile("(?i)(localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1\\])(:\\d*)?");

    private static final StatusServer SERVER = new StatusServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            () -> StatusSamples.of(StatusSamples.listening(StatusSamples.NASTY)),
            new FakeAdminApi(),
            FakeAdminApi.TOKEN,
            StatusSamples.within(Duration.ofSeconds(30)));

    @BeforeAll
    static void start() throws IOException {
        SERVER.start();
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void anyBytesAreAnsweredInHttpOrNotAtAll() {
        Fuzz.from(
                        "GET / HTTP/1.1\r\nHost: localhost:9797\r\n\r\n",
                        "GET /api/status?x HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://evil.example\r\n\r\n",
                        "HEAD /metrics HTTP/1.0\r\nHost: [::1]:1\r\nConnection: keep-alive\r\n\r\n",
                        "POST /api/status HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc",
                        "PUT / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                        "GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n")
                .with("Host: ", "evil.example", "localhost", "127.0.0.1", ".nip.io", "@", ":", "Content-Length: ")
                .with(
                        "Transfer-Encoding: chunked\r\n",
                        "Expect: 100-continue\r\n",
                        "Upgrade: x\r\n",
                        "\r\n\r\n",
                        "//",
                        "%2e")
                .with("GET ", " HTTP/1.1", "Connection: close\r\n", "/api/status", "/metrics", "*", "..", "Host:\r\n ")
                .feed(StatusHttpFuzzTest::take);
    }

    private static void take(byte[] input) throws IOException {
        String answers = new String(exchange(input), ISO_8859_1);
        String asked = new String(input, ISO_8859_1);
        String rest = answers;
        while (!rest.isEmpty()) {
            Matcher head = ANSWER.matcher(rest);
            check(head.lookingAt(), "no answer of HTTP: " + rest);
            int body = rest.indexOf("\r\n\r\n") + 4;
            check(body > 3, "no end of the head: " + rest);
            String headers = rest.substring(0, body).toLowerCase(Locale.ROOT);
            check(!headers.contains("\r\naccess-control-"), "another origin is let in: " + headers);
            String status = head.group(1);
            if (status.equals("100")) {
                rest = rest.substring(body);
                continue;
            }
            if (status.equals("200")) {
                check(asked.contains("GET /") || asked.contains("HEAD /"), "answered without a question");
                check(isAskedByOwnName(asked), "told to somebody else: " + headers);
                check(headers.contains("\r\nx-content-type-options: nosniff\r\n"), "no header: " + headers);
                check(headers.contains("\r\ncache-control: no-store\r\n"), "no header: " + headers);
                check(headers.contains("frame-ancestors 'none'"), "no header: " + headers);
            }
            rest = withoutBody(rest.substring(body), headers);
        }
    }

    /** An answer to HEAD has the length of a body that does not follow. */
    private static String withoutBody(String rest, String headers) {
        Matcher length = LENGTH.matcher(headers);
        int end = length.find() ? Integer.parseInt(length.group(1)) : 0;
        boolean follows = end <= rest.length()
                && (end == rest.length() || ANSWER.matcher(rest.substring(end)).lookingAt());
        return follows ? rest.substring(end) : rest;
    }

    private static boolean isAskedByOwnName(String asked) {
        // A line that begins with a blank goes on with the header before it.
        return Arrays.stream(asked.replaceAll("\r?\n[ \t]+", " ").split("[\r\n]+"))
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("host"))
                .map(line -> line.substring(line.indexOf(':') + 1).trim()) // with NULs, as the JDK's server
                .anyMatch(host -> OWN.matcher(host).matches());
    }

    private static byte[] exchange(byte[] input) throws IOException {
        try (Socket socket =
                new Socket(SERVER.address().getAddress(), SERVER.address().getPort())) {
            socket.setSoLinger(true, 0); // A million connections would run out of ports.
            socket.setSoTimeout(10_000);
            InputStream in = socket.getInputStream();
            try {
                socket.getOutputStream().write(input);
                socket.shutdownOutput();
                return in.readNBytes(1 << 22);
            } catch (SocketException reset) {
                return new byte[0];
            }
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
