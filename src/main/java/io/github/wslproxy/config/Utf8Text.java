package io.github.wslproxy.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import org.tomlj.TomlPosition;

/** Decodes the file; a byte order mark in front is dropped, as Notepad writes one. */
final class Utf8Text {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private Utf8Text() {}

    static String decode(byte[] bytes, Problems problems) throws ConfigException {
        if (looksLikeUtf16(bytes)) {
            throw problems.fatal(TomlPosition.positionAt(1, 1), "the file is UTF-16", "UTF-8: save it as UTF-8");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CharsetDecoder decoder = UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CoderResult result = decoder.decode(in, out, true);
        String text = withoutMark(out.flip().toString());
        if (result.isError()) {
            String bad = String.format("byte 0x%02x is not UTF-8", bytes[in.position()]);
            throw problems.fatal(endOf(text), bad, "UTF-8: save the file as UTF-8");
        }
        return text;
    }

    /** By its mark, or by the zero byte that every ASCII character has in UTF-16. */
    private static boolean looksLikeUtf16(byte[] bytes) {
        if (bytes.length < 2) {
            return false;
        }
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        return (first == 0xff && second == 0xfe) || (first == 0xfe && second == 0xff) || (first == 0) != (second == 0);
    }

    private static String withoutMark(String text) {
        return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }

    /** Counted as tomlj counts: in code points. */
    private static TomlPosition endOf(String text) {
        int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
        int lineStart = text.lastIndexOf('\n') + 1;
        return TomlPosition.positionAt(line, 1 + text.codePointCount(lineStart, text.length()));
    }
}
