package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Access.ListOrigin;
import io.github.wslproxy.forward.Durations;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.target.TargetState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Why a client got no connection or session: a code for programs, and texts for people that are made here and nowhere
 * else. Whoever needs to tell refusals apart looks at the code. The texts are made when somebody reads them, since a
 * flood of datagrams is refused a hundred thousand times a second.
 */
public final class Refusal {
    private final RefusalCode code;
    private final String limit;
    private final Supplier<String> text;
    private final Supplier<String> cure;

    private Refusal(RefusalCode code, String limit, Supplier<String> text, Supplier<String> cure) {
        this.code = code;
        this.limit = limit;
        this.text = text;
        this.cure = cure;
    }

    public RefusalCode code() {
        return code;
    }

    /** The key in proxy.toml of the limit that was reached, such as {@code max_connections}; empty where none was. */
    public String limit() {
        return limit;
    }

    /** The reason; one line. */
    public String text() {
        return text.get();
    }

    /** What to do, such as {@code raise max_connections in proxy.toml}; empty where somebody has to look first. */
    public String cure() {
        return cure.get();
    }

    private static Refusal of(RefusalCode code, Supplier<String> text) {
        return new Refusal(code, "", text, () -> "");
    }

    /** Refuses a client that no entry of {@code allow} holds. */
    public static Refusal notAllowed(InetAddress client, Forward forward) {
        ListOrigin allow = forward.access().allowOrigin();
        return new Refusal(
                RefusalCode.NOT_ALLOWED,
                "",
                () -> IpLiteral.text(client) + " is not in allow" + of(forward) + origin(allow.words(), allow),
                () -> allowing("\"" + IpLiteral.text(client) + "\"", forward, allow));
    }

    private static String allowing(String client, Forward forward, ListOrigin allow) {
        if (!allow.place().isEmpty()) {
            return "add " + client + " to allow (" + allow.place() + ")";
        }
        return allow.section().isEmpty()
                ? "allow = [\"private\", " + client + "] in \"" + forward.name() + "\""
                : "share the port again with --allow";
    }

    /** Refuses a client that {@code deny} holds. */
    public static Refusal denied(InetAddress client, Forward forward) {
        ListOrigin deny = forward.access().denyOrigin();
        String where = deny.place().isEmpty() ? "" : " (" + deny.place() + ")";
        return new Refusal(
                RefusalCode.DENIED,
                "",
                () -> IpLiteral.text(client) + " is in deny" + of(forward) + origin("", deny),
                () -> "take " + IpLiteral.text(client) + ", or the block that holds it, out of deny" + where);
    }

    private static String origin(String words, ListOrigin list) {
        String parts = Stream.of(words, list.section(), list.place())
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
        return parts.isEmpty() ? "" : " (" + parts + ")";
    }

    static Refusal notFromWsl(PortMapping mapping) {
        return of(
                RefusalCode.NOT_FROM_WSL,
                () -> "it does not come from WSL, and " + mapping.where() + " is for WSL only");
    }

    static Refusal connectionRate(int perSecond, ClientKey client) {
        String key = "max_connection_rate_per_client";
        return limit(RefusalCode.CONNECTION_RATE, "[limits] ", key, perSecond, client::sharing);
    }

    static Refusal memory() {
        return new Refusal(
                RefusalCode.MEMORY,
                "",
                () -> "limit reached: direct memory (-XX:MaxDirectMemorySize)",
                () -> "raise -XX:MaxDirectMemorySize in jvm.options, beside the program, and restart wslproxy");
    }

    static Refusal forwardLimit(Forward forward, Protocol protocol) {
        int max = forward.limits().max(protocol);
        return limit(RefusalCode.FORWARD_LIMIT, "", key(protocol), max, () -> of(forward));
    }

    static Refusal clientLimit(Forward forward, Protocol protocol, ClientKey client) {
        int max = forward.limits().maxPerClient(protocol);
        String key = protocol == Protocol.TCP ? "max_connections_per_client" : "max_sessions_per_client";
        return limit(RefusalCode.CLIENT_LIMIT, "", key, max, () -> of(forward) + client.sharing());
    }

    private static String key(Protocol protocol) {
        return protocol == Protocol.TCP ? "max_connections" : "max_sessions";
    }

    private static String of(Forward forward) {
        return " of \"" + forward.name() + "\"";
    }

    static Refusal totalLimit(Protocol protocol, int max) {
        return limit(RefusalCode.TOTAL_LIMIT, "[limits] ", key(protocol), max, () -> "");
    }

    /**
     * Refuses a client that would wait until its connection may be opened.
     *
     * @param max connections that may wait for their target's answer
     */
    public static Refusal connectingLimit(int max) {
        return limit(RefusalCode.CONNECTING_LIMIT, "[limits] ", "max_connecting", max, () -> "");
    }

    private static Refusal limit(RefusalCode code, String section, String key, int max, Supplier<String> ofWhom) {
        return new Refusal(
                code,
                key,
                () -> "limit reached: " + section + key + " = " + max + ofWhom.get(),
                () -> "raise " + section + key + " in proxy.toml");
    }

    /**
     * Refuses a client that would wait for its target.
     *
     * @param most clients that may wait
     * @param problem what it would wait for
     */
    public static Refusal waitingLimit(int most, Refusal problem) {
        return of(
                RefusalCode.WAITING_LIMIT,
                () -> "limit reached: of " + most
                        + " clients that may wait, too many do already, or too many of this one; " + problem.text());
    }

    /** Refuses a client that ends its connections and opens others faster than the system gives ports back. */
    public static Refusal outgoingPorts(ClientKey client) {
        return of(
                RefusalCode.OUTGOING_PORTS,
                () -> "limit reached: it has its share of the ports that this computer has for outgoing connections"
                        + client.sharing());
    }

    /** Refuses everybody: the forward is paused. */
    public static Refusal paused() {
        return of(RefusalCode.PAUSED, () -> "the forward is paused");
    }

    /** Refuses while the target has no address. */
    public static Refusal targetAbsent(TargetState state, Forward forward) {
        boolean stopped = state instanceof TargetState.Down && forward.target().host() instanceof Host.Wsl;
        return of(
                stopped ? RefusalCode.TARGET_DOWN : RefusalCode.TARGET_UNKNOWN,
                () -> "its target is not there: " + state.reason());
    }

    /**
     * Refuses because the target was tried in vain.
     *
     * @param why in the words of the system
     */
    public static Refusal connectFailed(InetSocketAddress target, String why) {
        return of(RefusalCode.CONNECT_FAILED, () -> "cannot connect to " + Peer.name(target) + ": " + why);
    }

    /**
     * Refuses because the target in WSL has refused at its address, and wslproxy itself listens on localhost
     * instead of WSL's relay.
     *
     * @param tried each address with what became of it
     */
    public static Refusal nobodyInWsl(int port, String tried) {
        return new Refusal(
                RefusalCode.CONNECT_FAILED,
                "",
                () -> "nobody listens on port " + port + " inside WSL (" + tried + ")",
                () -> "start the server in WSL");
    }

    /**
     * Refuses while no adapter of this computer leads to the target.
     *
     * @param why in the words of the system
     */
    public static Refusal noWay(InetSocketAddress target, String why) {
        return of(RefusalCode.CONNECT_FAILED, () -> "nothing leads to its target " + Peer.name(target) + ": " + why);
    }

    /** Refuses if the target is one of our own listeners. */
    public static Refusal loop(InetSocketAddress target) {
        return new Refusal(
                RefusalCode.LOOP,
                "",
                () -> "its target " + Peer.name(target) + " is wslproxy itself",
                () -> "give the forward another port or target in proxy.toml");
    }

    /** Refuses a datagram that claims to come from the target, or from one of our own listeners. */
    public static Refusal clientIsTarget() {
        return of(RefusalCode.LOOP, () -> "a client cannot be the target or wslproxy itself");
    }

    /**
     * Refuses a datagram from a port that only servers have, which answer whatever they are sent.
     *
     * @param server the name of that service
     */
    public static Refusal serverPort(int port, String server) {
        return of(
                RefusalCode.SERVER_PORT,
                () -> "it comes from port " + port + " (" + server
                        + "), from which only servers send, and they answer whatever they are sent");
    }

    /**
     * Refuses if the target cannot be tried.
     *
     * @param why in the words of the system
     */
    public static Refusal noSocket(String why) {
        return of(RefusalCode.NO_SOCKET, () -> "wslproxy has no socket left for its target: " + why);
    }

    public static Refusal stopping() {
        return of(RefusalCode.STOPPING, () -> "wslproxy is stopping");
    }

    /**
     * Refuses because of a defect of this program.
     *
     * @param failure in one line
     */
    public static Refusal unexpected(String failure) {
        return new Refusal(
                RefusalCode.UNEXPECTED,
                "",
                () -> "unexpected: " + failure,
                () -> "this is a defect of wslproxy, please report it with the log");
    }

    /** Adds how long a client has waited for the target in vain. */
    public Refusal afterWaiting(Duration waited) {
        return with(() -> "; it was kept waiting for " + Durations.format(waited));
    }

    /** Adds what became of the datagrams that were kept meanwhile. */
    public Refusal afterKeeping(Duration kept, int datagrams) {
        return with(() -> "; datagrams kept for " + Durations.format(kept) + ": " + datagrams);
    }

    private Refusal with(Supplier<String> more) {
        return new Refusal(code, limit, () -> text.get() + more.get(), cure);
    }
}
