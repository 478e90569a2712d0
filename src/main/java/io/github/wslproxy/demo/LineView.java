package io.github.wslproxy.demo;

import java.io.PrintWriter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A line for each thing that happens, for pipes and logs. */
final class LineView implements DemoView {
    private final PrintWriter out;

    LineView(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void begin(List<Watched> clients, Optional<InetAddress> lan) {
        DemoView.introduction(clients, lan).forEach(this::print);
    }

    @Override
    public void now(Duration elapsed, String vm, List<Watched> clients) {
        // The table's part; lines tell only what changes.
    }

    @Override
    public void event(Duration elapsed, String what) {
        print(String.format("%7s  %s", DemoView.seconds(elapsed), what));
    }

    @Override
    public void end(int moves, List<String> broken) {
        DemoView.verdict(moves, broken).forEach(this::print);
    }

    private void print(String line) {
        out.println(line);
        out.flush();
    }
}
