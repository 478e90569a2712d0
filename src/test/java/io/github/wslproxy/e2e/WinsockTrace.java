package io.github.wslproxy.e2e;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a program asked of its sockets until it bound them, out of what Wine writes with {@code WINEDEBUG=+winsock}. */
final class WinsockTrace {
    private static final Pattern THREAD = Pattern.compile("^([0-9a-f]+):trace:winsock:(.*)$", Pattern.MULTILINE);
    private static final Pattern OPENING = Pattern.compile("WSASocketW (family \\d+, type \\d+), .*");
    private static final Pattern OPENED = Pattern.compile("WSASocketW created (0x[0-9a-f]+)");
    private static final Pattern OPTION =
            Pattern.compile("setsockopt socket (0x[0-9a-f]+), level \\w+, name (\\w+), .*");
    private static final Pattern BIND = Pattern.compile(
            "bind socket (0x[0-9a-f]+), addr \\{ family \\w+, address ([^,]+),(?: flow label \\d+,)? port (\\d+).*");

    private final Map<String, String> opening = new HashMap<>();
    private final Map<String, String> sockets = new HashMap<>();
    private final Map<String, String> bound = new HashMap<>();

    WinsockTrace(String trace) {
        Matcher line = THREAD.matcher(trace.replace("\r", ""));
        while (line.find()) {
            read(line.group(1), line.group(2));
        }
    }

    private void read(String thread, String call) {
        Matcher begins = OPENING.matcher(call);
        Matcher opened = OPENED.matcher(call);
        Matcher option = OPTION.matcher(call);
        Matcher bind = BIND.matcher(call);
        if (begins.matches()) {
            opening.put(thread, begins.group(1));
        } else if (opened.matches()) {
            sockets.put(opened.group(1), opening.getOrDefault(thread, ""));
        } else if (option.matches()) {
            sockets.merge(option.group(1), option.group(2), (all, next) -> all + ", " + next);
        } else if (bind.matches()) {
            bound.put(bind.group(2) + " " + bind.group(3), sockets.getOrDefault(bind.group(1), ""));
        }
    }

    /**
     * Family, type and the options in their order: {@code family 2, type 1, SO_RCVBUF}; empty if none was bound there.
     */
    String bound(String address, int port) {
        return bound.getOrDefault(address + " " + port, "");
    }
}
