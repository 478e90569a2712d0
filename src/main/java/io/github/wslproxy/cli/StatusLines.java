package io.github.wslproxy.cli;

import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.Snapshot.ForwardView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells a script what has changed from one look to the next, a line each. Not for several threads. */
final class StatusLines {
    private Map<String, String> told = Map.of();
    private List<Snapshot.Event> events = List.of();
    private boolean isFirst = true;

    /** Gives everything at the first look; then what is new, and what is gone. */
    List<String> next(Snapshot now) {
        Map<String, String> all = facts(now);
        List<String> lines = new ArrayList<>();
        all.forEach((subject, fact) -> {
            if (!fact.equals(told.get(subject))) {
                lines.add(subject + " " + fact);
            }
        });
        told.keySet().stream()
                .filter(subject -> !all.containsKey(subject))
                .map(subject -> subject + " gone")
                .forEach(lines::add);
        if (!isFirst) {
            newEvents(now).stream()
                    .map(event -> "event " + event.level() + " " + event.text())
                    .forEach(lines::add);
        }
        told = all;
        events = now.events();
        isFirst = false;
        return lines;
    }

    private static Map<String, String> facts(Snapshot now) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("wslproxy", now.version() + " pid " + now.pid());
        facts.put(
                "wsl",
                now.target().state()
                        + (now.target().address().isEmpty()
                                ? ""
                                : " " + now.target().address()));
        facts.put("config", now.configError().isEmpty() ? "ok" : now.configError());
        now.forwards().forEach(forward -> facts.put("forward " + word(forward.name()), fact(forward)));
        return facts;
    }

    /** Puts a name in quotes if a reader would take it for more than one word. */
    private static String word(String name) {
        return name.matches("[\\w.,:/\\\\~+@-]+") ? name : '"' + name + '"';
    }

    private static String fact(ForwardView forward) {
        return forward.state() + (forward.error().isEmpty() ? "" : " " + forward.error());
    }

    /** The events after the last one that was known; all of them, if that one is no longer kept. */
    private List<Snapshot.Event> newEvents(Snapshot now) {
        int known = events.isEmpty() ? -1 : now.events().lastIndexOf(events.get(events.size() - 1));
        return now.events().subList(known + 1, now.events().size());
    }
}
