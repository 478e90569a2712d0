package io.github.wslproxy.app;

import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.PortOwner;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Knows of the other instances of this user, one of which may hold a port that is wanted. May be asked on any thread.
 */
final class OtherInstances implements PortOwner {
    /** An entry of the start table: {@code *:5173}, {@code [::]:8000-8010}. */
    private static final Pattern LISTEN = Pattern.compile("\\S+:(\\d{1,5})(?:-(\\d{1,5}))?");

    private static final Pattern GAP = Pattern.compile(" {2,}");
    private static final int PROTOCOL = 1;
    private static final int LISTENS = 2;

    private final Optional<Path> ownLock;
    private final StateDirectory state;

    /**
     * To be made when the configuration has just been read: later it may have become a folder, or a link to another
     * file, which would not lead to the lock that this process holds.
     *
     * @param own the configuration of this process, whose lock is left alone
     */
    OtherInstances(Path own, StateDirectory state) {
        this.ownLock = state.problem().isPresent()
                ? Optional.empty()
                : InstanceFiles.of(own, state).map(InstanceFiles::lock);
        this.state = state;
    }

    @Override
    public Optional<String> describe(Protocol protocol, int port) {
        return RunningInstance.othersThan(ownLock, state).stream()
                .filter(other ->
                        other.startTable().orElse(List.of()).stream().anyMatch(line -> listens(line, protocol, port)))
                .findFirst()
                .map(other -> heldBy(other, protocol, port));
    }

    private static boolean listens(String line, Protocol protocol, int port) {
        String[] cells = GAP.split(line, -1);
        if (cells.length <= LISTENS
                || !List.of(cells[PROTOCOL].split("\\+", -1)).contains(protocol.toString())) {
            return false;
        }
        Matcher entry = LISTEN.matcher(cells[LISTENS]);
        while (entry.find()) {
            int first = Integer.parseInt(entry.group(1));
            int last = entry.group(2) == null ? first : Integer.parseInt(entry.group(2));
            if (port >= first && port <= last) {
                return true;
            }
        }
        return false;
    }

    private static String heldBy(RunningInstance other, Protocol protocol, int port) {
        String who = protocol + " port " + port + " is held by another wslproxy (pid " + other.pid() + ")";
        return other.config()
                .map(file -> who + ", which runs " + file + ": "
                        + OwnCommand.naming(Path.of(file)).line("stop") + " ends that one")
                .orElse(who + ": end that one, or let the forward listen on another port");
    }
}
