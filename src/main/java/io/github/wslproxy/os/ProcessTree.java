package io.github.wslproxy.os;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A process with its descendants. They are looked for while it lives, because once it is gone nobody knows whose
 * children they were; seldom, because each look reads the whole process table.
 */
final class ProcessTree {
    private final Process root;
    private final Set<ProcessHandle> descendants = new LinkedHashSet<>();
    private Duration nextLook = Duration.ofMillis(1);

    ProcessTree(Process root) {
        this.root = root;
    }

    /** Call often with the age of the process: looks each time the age has doubled. */
    void look(Duration age) {
        if (age.compareTo(nextLook) >= 0) {
            root.descendants().forEach(descendants::add);
            nextLook = age.multipliedBy(2);
        }
    }

    /** Ends all of it. The root goes first, so that it starts no more. */
    void kill() {
        root.descendants().forEach(descendants::add);
        root.destroyForcibly();
        killLeftBehind();
    }

    /** Ends the descendants that were seen and still run. */
    void killLeftBehind() {
        for (ProcessHandle descendant : descendants) {
            descendant.descendants().forEach(ProcessHandle::destroyForcibly);
            descendant.destroyForcibly();
        }
    }
}
