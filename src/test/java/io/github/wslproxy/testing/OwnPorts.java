package io.github.wslproxy.testing;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Ports for the tests of this process alone. It takes them in blocks, each of which belongs to whoever listens on its
 * first port: processes of tests that run side by side never find the same port free. None is given twice by one
 * process, so a socket that a test has left behind is in nobody's way.
 */
final class OwnPorts {
    private static final int FIRST = 10_240;

    /**
     * Where Linux begins by default to give ports to who asks for any (ip_local_port_range); macOS and Windows begin at
     * 49152. A client that connects in between could be given a port that was just found free.
     */
    private static final int END = 32_768;

    private static final int BLOCK = 128;

    /** Listens until the process ends. */
    private @Nullable ServerSocket owner;

    private int given;

    synchronized int next() throws IOException {
        ServerSocket block = owner;
        if (block == null || given == BLOCK - 1) {
            block = takeBlock();
            owner = block;
            given = 0;
        }
        given++;
        return block.getLocalPort() + given;
    }

    /** The blocks before stay taken: their ports may still be in use. */
    private static ServerSocket takeBlock() throws IOException {
        int blocks = (END - FIRST) / BLOCK;
        int start = ThreadLocalRandom.current().nextInt(blocks);
        for (int i = 0; i < blocks; i++) {
            int first = FIRST + (start + i) % blocks * BLOCK;
            try {
                return new ServerSocket(first, 1, InetAddress.getLoopbackAddress());
            } catch (BindException ofAnother) {
                // The next one then.
            }
        }
        throw new IOException("all blocks of ports are taken by other tests");
    }
}
