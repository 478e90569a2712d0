package io.github.wslproxy.bench.soak;

/**
 * What clients and servers of the soak say to each other. A client sends its number and whether it may be killed, then
 * requests: a letter and a count. The server sends nothing but its stream.
 */
final class LinkProtocol {
    /** The count of bytes of the client's stream that follow. */
    static final byte TAKE = 'T';

    /** The server is to send as many bytes of its stream, while it goes on to read. */
    static final byte SEND = 'S';

    /** The server is to read nothing for as many milliseconds. */
    static final byte REST = 'R';

    /** The server is to end its output when it has sent what it was asked for. */
    static final byte END = 'E';

    /** The server is to reset the link. */
    static final byte BREAK = 'B';

    private static final long TO_SERVER = 1L << 62;

    private LinkProtocol() {}

    static KnownBytes ofClient(long link) {
        return new KnownBytes(link | TO_SERVER);
    }

    static KnownBytes ofServer(long link) {
        return new KnownBytes(link);
    }
}
