package io.github.wslproxy.os;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Decodes what a program wrote by looking at the bytes.
 *
 * <p>WSL prints its own messages as UTF-16LE without a BOM unless {@code WSL_UTF8=1} (microsoft/WSL#4607), which old
 * versions do not know, while the output of a Linux program passes through it unchanged; so one and the same stream can
 * hold either. Lines end in \n here; wsl.exe ends them in \r\n, and \r\r\n has been seen (rancher-desktop#1655).
 */
public final class ConsoleText {
    private static final byte[] UTF_16LE_MARK = {(byte) 0xff, (byte) 0xfe};
    private static final byte[] UTF_8_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private ConsoleText() {}

    /** Never fails: bytes that are no text become replacement characters. */
    public static String decode(byte[] bytes) {
        // The look-behind keeps a megabyte of \r from being gone through once for each of them.
        return text(bytes).replaceAll("(?<!\r)\r++\n", "\n").replace('\r', '\n').replace("\0", "");
    }

    private static String text(byte[] bytes) {
        if (startsWith(bytes, UTF_16LE_MARK)) {
            return new String(bytes, 2, bytes.length - 2, StandardCharsets.UTF_16LE);
        }
        if (startsWith(bytes, UTF_8_MARK)) {
            return new String(bytes, 3, bytes.length - 3, StandardCharsets.UTF_8);
        }
        return new String(bytes, isUtf16(bytes) ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8);
    }

    /**
     * Looks for zeros at odd places, which are the high halves of ASCII characters. Every message has at least its line
     * end of those, but one in Chinese has few others, so they need not be the majority. A single stray zero does not
     * count.
     */
    private static boolean isUtf16(byte[] bytes) {
        int odd = 0;
        int even = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                odd += i % 2;
                even += 1 - i % 2;
            }
        }
        return odd >= 2 && odd > even;
    }

    private static boolean startsWith(byte[] bytes, byte[] mark) {
        return bytes.length >= mark.length && Arrays.equals(bytes, 0, mark.length, mark, 0, mark.length);
    }
}
