package io.github.wslproxy.bench.compare.load;

import io.github.wslproxy.bench.compare.lab.FailedRunException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** Many links that were used once, for one byte there and back, and then say nothing. */
public final class IdleLinks implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final List<Socket> links = new ArrayList<>();

    /**
     * Opens more of them to a server that returns what it gets.
     *
     * @throws FailedRunException if the server behind the port does not get or return the byte of one of them
     */
    public void open(int count, int port) throws IOException {
        int first = links.size();
        for (int i = 0; i < count; i++) {
            Socket link = new Socket();
            links.add(link);
            link.connect(new InetSocketAddress(Servers.LOOPBACK, port), PATIENCE_MILLIS);
            link.setSoTimeout(PATIENCE_MILLIS);
            link.getOutputStream().write(i);
        }
        for (int i = 0; i < count; i++) {
            requireByte(links.get(first + i), i);
        }
    }

    @Override
    public void close() throws IOException {
        for (Socket link : links) {
            link.close();
        }
    }

    private void requireByte(Socket link, int number) throws IOException {
        try {
            int got = link.getInputStream().read();
            if (got != (number & 0xff)) {
                throw new FailedRunException("link " + number + " of " + links.size() + ": "
                        + (got < 0 ? "it was closed" : "another byte came back"));
            }
        } catch (SocketTimeoutException e) {
            throw new FailedRunException("link " + number + " of " + links.size() + ": nothing came back");
        }
    }
}
