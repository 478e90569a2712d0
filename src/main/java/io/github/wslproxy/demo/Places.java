package io.github.wslproxy.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** The addresses at which the pretend VM can live on this computer. */
final class Places {
    private static final int WANTED = 6;

    private Places() {}

    /**
     * 127.0.0.2 and up where the system has them, as Linux and Windows do; else 127.0.0.1 and ::1, which macOS has, so
     * that the VM changes family at each move.
     */
    static List<InetAddress> find() throws IOException {
        List<InetAddress> places = new ArrayList<>();
        for (int last = 2; last < 2 + WANTED; last++) {
            addIfUsable(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last}), places);
        }
        if (places.size() >= 2) {
            return places;
        }
        places.clear();
        addIfUsable(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), places);
        byte[] loopback6 = new byte[16];
        loopback6[15] = 1;
        addIfUsable(InetAddress.getByAddress(loopback6), places);
        return places;
    }

    private static void addIfUsable(InetAddress address, List<InetAddress> places) {
        try (ServerSocket probe = new ServerSocket(0, 1, address)) {
            places.add(probe.getInetAddress());
        } catch (IOException notHere) {
            return;
        }
    }
}
