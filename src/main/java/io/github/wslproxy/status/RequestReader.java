package io.github.wslproxy.status;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts the requests of one connection together, within limits. Belongs to one event loop. */
final class RequestReader {
    private static final int MOST_LINE = 8 << 10;
    private static final int MOST_HEADERS = 16 << 10;
    static final int MOST_BODY = 16 << 10;

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private @Nullable HttpRequest head;

    /** A request that is not carried out; what follows on its connection cannot be told from the rest of it. */
    static final class RefusedRequestException extends Exception {
        private static final long serialVersionUID = 1;
        private final transient Response response;

        private RefusedRequestException(int status, String line) {
            super(line, null, false, false);
            response = Response.line(status, line);
        }

        Response response() {
            return response;
        }
    }

    /** The handler that makes the parts of requests out of bytes. */
    static ChannelHandler decoder() {
        return new StrictDecoder(new HttpDecoderConfig()
                .setMaxInitialLineLength(MOST_LINE)
                .setMaxHeaderSize(MOST_HEADERS)
                .setStrictLineParsing(true));
    }

    /**
     * Takes the next part.
     *
     * @return the request, if it is whole now
     */
    Optional<Request> read(HttpObject part) throws RefusedRequestException {
        if (part.decoderResult().isFailure()) {
            throw notHttp(part.decoderResult().cause());
        }
        if (part instanceof HttpRequest request) {
            begin(request);
        }
        if (part instanceof HttpContent content) {
            take(content.content());
        }
        return part instanceof LastHttpContent ? Optional.of(whole()) : Optional.empty();
    }

    private static RefusedRequestException notHttp(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new RefusedRequestException(
                    414, "the first line of the request is longer than " + MOST_LINE + " bytes");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return new RefusedRequestException(
                    431, "the headers of the request are longer than " + MOST_HEADERS + " bytes");
        }
        return new RefusedRequestException(400, "that is not a request of HTTP");
    }

    private void begin(HttpRequest request) throws RefusedRequestException {
        head = request;
        body.reset();
        HttpVersion version = request.protocolVersion();
        if (!version.protocolName().equals("HTTP") || version.majorVersion() != 1) {
            throw new RefusedRequestException(505, "only version 1 of HTTP is spoken here");
        }
        if (request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            throw new RefusedRequestException(411, "a body has to come with its Content-Length");
        }
        requireShort(HttpUtil.getContentLength(request, 0L));
    }

    private void take(ByteBuf content) throws RefusedRequestException {
        requireShort(body.size() + content.readableBytes());
        body.writeBytes(ByteBufUtil.getBytes(content));
    }

    private static void requireShort(long length) throws RefusedRequestException {
        if (length > MOST_BODY) {
            throw new RefusedRequestException(400, "the body is longer than " + MOST_BODY + " bytes");
        }
    }

    private Request whole() throws RefusedRequestException {
        if (head == null) {
            throw new RefusedRequestException(400, "that is not a request of HTTP");
        }
        Request request = new Request(
                head.method().name(), target(head.uri()), head.headers(), body.toString(StandardCharsets.UTF_8));
        head = null;
        return request;
    }

    private static URI target(String text) throws RefusedRequestException {
        try {
            URI target = new URI(text);
            if (target.getPath() != null) {
                return target;
            }
        } catch (URISyntaxException odd) {
            // Refused below.
        }
        throw new RefusedRequestException(400, "the target of the request is not a path");
    }

    /**
     * Takes a request line only as HTTP has it, three words with one blank between them. Netty takes any white space,
     * and whoever reads such a line otherwise may see another request in it.
     */
    private static final class StrictDecoder extends HttpRequestDecoder {
        private int end;

        StrictDecoder(HttpDecoderConfig config) {
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
}
