package io.github.wslproxy.demo;

import java.io.PrintWriter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** One table that is drawn over itself, with the last events below it. */
final class TableView implements DemoView {
    private static final int EVENTS = 5;
    private static final String CLEAR_LINE = "\033[2K";
    /** A line that is too long for the terminal is cut, so that each takes one row (DECAWM). */
    private static final String NO_WRAP = "\033[?7l";

    private static final String WRAP = "\033[?7h";
    private static final String ROW = "  %-8s %-10s %-16s %-12s %s";

    private final PrintWriter out;
    private final Deque<String> events = new ArrayDeque<>();
    private int drawn;

    TableView(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void begin(List<Watched> clients, Optional<InetAddress> lan) {
        DemoView.introduction(clients, lan).forEach(out::println);
        out.println("Ctrl-C ends it.");
        out.println();
    }

    @Override
    public void now(Duration elapsed, String vm, List<Watched> clients) {
        List<String> lines = new ArrayList<>();
        lines.add("VM: " + vm + "   (" + DemoView.seconds(elapsed) + ")");
        lines.add(String.format(ROW, "CLIENT", "PORT", "ANSWERED BY", "FOLLOWED", "ANSWERS"));
        for (Watched client : clients) {
            String followed = client.followedAfter().map(DemoView::seconds).orElse("-");
            lines.add(
                    String.format(ROW, client.name(), client.port(), client.lastAnswer(), followed, client.answers()));
        }
        lines.addAll(events);
        draw(lines);
    }

    @Override
    public void event(Duration elapsed, String what) {
        events.add("  " + DemoView.seconds(elapsed) + "  " + what);
        if (events.size() > EVENTS) {
            events.remove();
        }
    }

    @Override
    public void end(int moves, List<String> broken) {
        DemoView.verdict(moves, broken).forEach(out::println);
        out.flush();
    }

    private void draw(List<String> lines) {
        if (drawn > 0) {
            out.print("\033[" + drawn + "A");
        }
        out.print(NO_WRAP);
        lines.forEach(line -> out.println(CLEAR_LINE + line));
        out.print(WRAP);
        out.flush();
        drawn = lines.size();
    }
}
