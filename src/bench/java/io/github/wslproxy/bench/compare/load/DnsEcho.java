package io.github.wslproxy.bench.compare.load;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/**
 * Answers each query with itself, marked as a response without records (RFC 1035, 4.1.1): a server of which nothing but
 * the datagrams takes time.
 */
public final class DnsEcho implements Closeable {
    private static final int LARGEST_QUERY = 512;

    /** Of the third byte of the header. */
    private static final byte IS_RESPONSE = (byte) 0x80;

    private static final int FLAGS = 2;

    /** As much as the system grants, so that a burst waits here instead of being lost here. */
    private static final int QUEUE = 4 << 20;

    private final DatagramChannel channel;

    private DnsEcho(DatagramChannel channel) {
        this.channel = channel;
    }

    public static DnsEcho start(int port) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, QUEUE);
        channel.bind(new InetSocketAddress(Servers.LOOPBACK, port));
        DnsEcho echo = new DnsEcho(channel);
        Thread thread = new Thread(echo::serve, "dns-echo");
        thread.setDaemon(true);
        thread.start();
        return echo;
    }

    private void serve() {
        ByteBuffer query = ByteBuffer.allocateDirect(LARGEST_QUERY);
        try {
            while (channel.isOpen()) {
                query.clear();
                SocketAddress client = channel.receive(query);
                query.flip();
                if (client != null && query.limit() > FLAGS) {
                    query.put(FLAGS, (byte) (query.get(FLAGS) | IS_RESPONSE));
                    channel.send(query, client);
                }
            }
        } catch (IOException closed) {
            // Without it nothing is answered, and the run fails by itself.
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
