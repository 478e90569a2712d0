package io.github.wslproxy.status;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;

/**
 * Takes a request line only as HTTP has it, three words with one blank between them. Netty takes any white space, and
 * whoever reads such a line otherwise may see another request in it.
 */
final class StrictRequestDecoder extends HttpRequestDecoder {
    private int end;

    StrictRequestDecoder(HttpDecoderConfig config) {
        super(config);
    }

    @Override
    protected String splitFirstWordInitialLine(byte[] line, int start, int length) {
        end = start + length;
        return super.splitFirstWordInitialLine(line, start, length);
    }

    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        requireOneBlank(line, start, length);
        return super.splitSecondWordInitialLine(line, start, length);
    }

    @Override
    protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
        requireOneBlank(line, start, length);
        return super.splitThirdWordInitialLine(line, start, length);
    }

    /** What this throws makes the request an invalid one. */
    private void requireOneBlank(byte[] line, int start, int length) {
        if (start != end + 1 || line[end] != ' ') {
            throw new IllegalArgumentException("not one blank between two words");
        }
        end = start + length;
    }
}
