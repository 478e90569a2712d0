package io.github.wslproxy.status;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;

/** The page for people: one document with its style and its script, which asks for {@code /api/status} while shown. */
final class StatusPage {
    private static final String STYLE = resource("page.css");
    private static final String SCRIPT = resource("page.js");

    static final String DOCUMENT =
            resource("page.html").replace("{{style}}", STYLE).replace("{{script}}", SCRIPT);

    /**
     * The policy of every answer allows the style sheet and the script of this page by their hashes, the pictures and
     * the data of this address, and nothing else. Text can become markup nowhere, not even by the script.
     */
    static final String SECURITY_POLICY = "default-src 'none'; style-src '" + hash(STYLE) + "'; script-src '"
            + hash(SCRIPT) + "'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private StatusPage() {}

    /** A browser makes a line feed of any line end before it hashes (HTML Standard, preprocessing the input stream). */
    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(StatusPage.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException brokenJar) {
            throw new UncheckedIOException(brokenJar);
        }
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
