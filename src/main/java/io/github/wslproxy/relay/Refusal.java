package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Durations;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.ListOrigin;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.target.TargetState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Why a client got no connection or session: a code for programs, and texts for people that are made here and nowhere
 * else. Whoever needs to tell refusals apart looks at the code.
 *
 * @param limit the key in proxy.toml of the limit that was reached, such as {@code max_connections}; empty where none
 *     was
 * @param text the reason; one line
 * @param cure what to do about it, such as {@code raise max_connections in proxy.toml}; empty where somebody has to
 *     look first
 */
public record Refusal(Code code, String limit, String text, String cure) {
    /** What kind of refusal it is. */
    public enum Code {
        /** The client is in no entry of {@code allow}. */
        NOT_ALLOWED,
        /** The client is in {@code deny}. */
        DENIED,
        /** The listener is for WSL only. */
        NOT_FROM_WSL,
        /** The client opened too many connections within a second. */
        CONNECTION_RATE,
        /** Direct memory is used up. */
        MEMORY,
        /** The forward has all it may have. */
        FORWARD_LIMIT,
        /** The client has all it may have of this forward. */
        CLIENT_LIMIT,
        /** The program has all it may have. */
        TOTAL_LIMIT,
        /** Too many connections wait for their target's answer. */
        CONNECTING_LIMIT,
        /** Too many clients wait for a target that is not there. */
        WAITING_LIMIT,
        /** The client has its share of this computer's ports for outgoing connections. */
        OUTGOING_PORTS,
        /** The target's address is not known. */
        TARGET_UNKNOWN,
        /** The VM does not run. */
        TARGET_DOWN,
        /** The target was tried and cannot be reached. */
        CONNECT_FAILED,
        /** It would lead back into wslproxy. */
        LOOP,
        /** The system gives no socket. */
        NO_SOCKET,
        /** A datagram came from a port on which only servers send. */
        SERVER_PORT,
        /** The forward is paused by hand. */
        PAUSED,
        /** wslproxy, or the forward, is stopping. */
        STOPPING,
        /** A defect of this program. */
        UNEXPECTED;

        /** The word used in JSON. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static Refusal of(Code code, String text) {
        return new Refusal(code, "", text, "");
    }

    /** For a client that no entry of {@code allow} holds. */
    public static Refusal notAllowed(InetAddress client, Forward forward) {
        ListOrigin allow = forward.access().allowOrigin();
        String who = IpLiteral.text(client);
        String text = who + " is not in allow of \"" + forward.name() + "\"" + origin(allow.words(), allow);
        return new Refusal(Code.NOT_ALLOWED, "", text, allowing("\"" + who + "\"", forward, allow));
    }

    private static String allowing(String client, Forward forward, ListOrigin allow) {
        if (!allow.place().isEmpty()) {
            return "add " + client + " to allow (" + allow.place() + ")";
        }
        return allow.section().isEmpty()
                ? "allow = [\"private\", " + client + "] in \"" + forward.name() + "\""
                : "share the port again with --allow";
    }

    /** For a client that {@code deny} holds. */
    public static Refusal denied(InetAddress client, Forward forward) {
        ListOrigin deny = forward.access().denyOrigin();
        String who = IpLiteral.text(client);
        String text = who + " is in deny of \"" + forward.name() + "\"" + origin("", deny);
        String where = deny.place().isEmpty() ? "" : " (" + deny.place() + ")";
        return new Refusal(Code.DENIED, "", text, "take " + who + ", or the block that holds it, out of deny" + where);
    }

    private static String origin(String words, ListOrigin list) {
        String parts = Stream.of(words, list.section(), list.place())
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
        return parts.isEmpty() ? "" : " (" + parts + ")";
    }

    static Refusal notFromWsl(PortMapping route) {
        return of(Code.NOT_FROM_WSL, "it does not come from WSL, and " + route.where() + " is for WSL only");
    }

    static Refusal connectionRate(int perSecond, ClientKey client) {
        String key = "max_connection_rate_per_client";
        return limit(Code.CONNECTION_RATE, "[limits] ", key, perSecond, client.sharing());
    }

    static Refusal memory() {
        return new Refusal(
                Code.MEMORY,
                "",
                "limit reached: direct memory (-XX:MaxDirectMemorySize)",
                "raise -XX:MaxDirectMemorySize in jvm.options, beside the program, and restart wslproxy");
    }

    static Refusal forwardLimit(Forward forward, Protocol protocol) {
        int max = protocol == Protocol.TCP
                ? forward.limits().connections()
                : forward.limits().sessions();
        return limit(Code.FORWARD_LIMIT, "", key(protocol), max, of(forward));
    }

    static Refusal clientLimit(Forward forward, Protocol protocol, ClientKey client) {
        int max = protocol == Protocol.TCP
                ? forward.limits().connectionsPerClient()
                : forward.limits().sessionsPerClient();
        return limit(Code.CLIENT_LIMIT, "", key(protocol) + "_per_client", max, of(forward) + client.sharing());
    }

    private static String key(Protocol protocol) {
        return protocol == Protocol.TCP ? "max_connections" : "max_sessions";
    }

    private static String of(Forward forward) {
        return " of \"" + forward.name() + "\"";
    }

    static Refusal totalLimit(Protocol protocol, int max) {
        return limit(Code.TOTAL_LIMIT, "[limits] ", key(protocol), max, "");
    }

    /**
     * For a client that would wait until its connection may be opened.
     *
     * @param max connections that may wait for their target's answer
     */
    public static Refusal connectingLimit(int max) {
        return limit(Code.CONNECTING_LIMIT, "[limits] ", "max_connecting", max, "");
    }

    private static Refusal limit(Code code, String section, String key, int max, String ofWhom) {
        return new Refusal(
                code,
                key,
                "limit reached: " + section + key + " = " + max + ofWhom,
                "raise " + section + key + " in proxy.toml");
    }

    /**
     * For a client that would wait for its target.
     *
     * @param most clients that may wait
     * @param problem what it would wait for
     */
    public static Refusal waitingLimit(int most, Refusal problem) {
        return of(
                Code.WAITING_LIMIT,
                "limit reached: of " + most + " clients that may wait, too many do already, or too many of this one; "
                        + problem.text());
    }

    /** For a client that ends its connections and opens others faster than the system gives ports back. */
    public static Refusal outgoingPorts(ClientKey client) {
        return of(
                Code.OUTGOING_PORTS,
                "limit reached: it has its share of the ports that this computer has for outgoing connections"
                        + client.sharing());
    }

    /** For a forward that accepts nobody until it is resumed. */
    public static Refusal paused() {
        return of(Code.PAUSED, "the forward is paused");
    }

    /** For a target that has no address now. */
    public static Refusal targetAbsent(TargetState state, Forward forward) {
        boolean stopped = state instanceof TargetState.Down && forward.target().host() instanceof Host.Wsl;
        return of(stopped ? Code.TARGET_DOWN : Code.TARGET_UNKNOWN, "its target is not there: " + state.reason());
    }

    /**
     * For a target that was tried.
     *
     * @param why in the words of the system
     */
    public static Refusal connectFailed(InetSocketAddress target, String why) {
        return of(Code.CONNECT_FAILED, "cannot connect to " + Peer.name(target) + ": " + why);
    }

    /**
     * For a target to which no adapter of this computer leads.
     *
     * @param why in the words of the system
     */
    public static Refusal noWay(InetSocketAddress target, String why) {
        return of(Code.CONNECT_FAILED, "nothing leads to its target " + Peer.name(target) + ": " + why);
    }

    /** For a target that is one of our own listeners. */
    public static Refusal loop(InetSocketAddress target) {
        return new Refusal(
                Code.LOOP,
                "",
                "its target " + Peer.name(target) + " is wslproxy itself",
                "give the forward another port or target in proxy.toml");
    }

    /** For a datagram that claims to come from the target, or from one of our own listeners. */
    public static Refusal clientIsTarget() {
        return of(Code.LOOP, "a client cannot be the target or wslproxy itself");
    }

    /**
     * For a datagram from a port that only servers have, which answer whatever they are sent.
     *
     * @param server the name of that service
     */
    public static Refusal serverPort(int port, String server) {
        return of(
                Code.SERVER_PORT,
                "it comes from port " + port + " (" + server
                        + "), from which only servers send, and they answer whatever they are sent");
    }

    /**
     * For a target that cannot be tried.
     *
     * @param why in the words of the system
     */
    public static Refusal noSocket(String why) {
        return of(Code.NO_SOCKET, "wslproxy has no socket left for its target: " + why);
    }

    public static Refusal stopping() {
        return of(Code.STOPPING, "wslproxy is stopping");
    }

    /**
     * For a defect of this program.
     *
     * @param failure in one line
     */
    public static Refusal unexpected(String failure) {
        return new Refusal(
                Code.UNEXPECTED,
                "",
                "unexpected: " + failure,
                "this is a defect of wslproxy, please report it with the log");
    }

    /** Whether it has to do with this client alone, so that others may be served all the while. */
    boolean isOfOneClient() {
        return switch (code) {
            case NOT_ALLOWED, DENIED, NOT_FROM_WSL, CONNECTION_RATE, CLIENT_LIMIT, SERVER_PORT, OUTGOING_PORTS -> true;
            default -> false;
        };
    }

    /** The same for a client that has waited for the target in vain. */
    public Refusal afterWaiting(Duration waited) {
        return withText(text + "; it was kept waiting for " + Durations.format(waited));
    }

    /** The same with what became of the datagrams that were kept meanwhile. */
    public Refusal afterKeeping(Duration kept, int datagrams) {
        return withText(text + "; datagrams kept for " + Durations.format(kept) + ": " + datagrams);
    }

    private Refusal withText(String longer) {
        return new Refusal(code, limit, longer, cure);
    }
}
