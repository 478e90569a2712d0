package io.github.wslproxy.status;

import io.github.wslproxy.relay.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Everything that a person or a program may ask about the running proxy, at one moment.
 *
 * @param version of the program
 * @param pid its process
 * @param java what it runs on; empty if a version of the program that does not tell was asked
 * @param uptime since its start
 * @param config the absolute path of the file that runs; empty if there is none, or a version of the program that does
 *     not tell was asked
 * @param configOption what commands about it name, quoted for a shell, {@code --config FILE}; empty for the default one
 * @param configError what is wrong with the newest edit of the configuration, so that an older one runs; empty if
 *     nothing is
 * @param target where WSL is
 * @param limits of the whole program; empty if a version of the program that does not tell was asked
 * @param forwards in the order of the configuration, then those that were shared and those that appeared by themselves
 * @param events what has happened lately, the newest last
 */
public record Snapshot(
        String version,
        long pid,
        Optional<Java> java,
        Duration uptime,
        String config,
        String configOption,
        String configError,
        Target target,
        List<LimitView> limits,
        List<ForwardView> forwards,
        List<Event> events) {

    /** One of a configuration that is no file. */
    public Snapshot(
            String version,
            long pid,
            Optional<Java> java,
            Duration uptime,
            String configError,
            Target target,
            List<LimitView> limits,
            List<ForwardView> forwards,
            List<Event> events) {
        this(version, pid, java, uptime, "", "", configError, target, limits, forwards, events);
    }

    /** The same of a configuration file. */
    public Snapshot withConfig(String file, String option) {
        return new Snapshot(version, pid, java, uptime, file, option, configError, target, limits, forwards, events);
    }

    /**
     * The Java of the process.
     *
     * @param exclusiveBind whether its listeners keep others from the port, WSL's relay on localhost among them
     * @param keepAlive whether it can ask a silent peer after a minute
     */
    public record Java(String version, boolean exclusiveBind, boolean keepAlive) {}

    /**
     * Where WSL is.
     *
     * @param state up, down, unknown or on-lan
     * @param address literal, or empty while there is none
     * @param since when the state or the address changed last
     * @param reason how it came to be known, in words
     * @param onStopped what a new client gets while WSL is stopped: refuse, hold or wake; empty if a version of the
     *     program that does not tell was asked
     * @param hold how long it may wait; zero if it is refused at once
     */
    public record Target(String state, String address, Instant since, String reason, String onStopped, Duration hold) {

        /** Of a version of the program that does not tell what clients get. */
        public Target(String state, String address, Instant since, String reason) {
            this(state, address, since, reason, "", Duration.ZERO);
        }
    }

    /**
     * How one limit of the whole program stands.
     *
     * @param name connections, connecting, sessions, direct_memory (in bytes) or rate (used: sources, max: a second)
     * @param refused clients that were turned away by it so far
     */
    public record LimitView(String name, long used, long max, long refused) {}

    /**
     * One forward.
     *
     * @param protocol tcp, udp or tcp+udp
     * @param listen as configured
     * @param target as configured
     * @param resolved where the target is now, with its ports; empty while it is nowhere
     * @param listening how many sockets accept clients; more than one for ranges and for UDP on every address
     * @param state what its listeners do
     * @param error why a listener failed or waits; empty if none does
     * @param open links and sessions now
     * @param accepted links and sessions so far
     * @param refused clients turned away, and connects that failed
     * @param bytesIn from clients to the target
     * @param bytesOut from the target to clients
     * @param lastProblem the newest refusal or failure
     * @param lastClient the newest client from another computer
     * @param lastOwnClient the newest client from this computer, {@code ADDRESS:PORT}; empty if there was none
     * @param endsAt when it ends by itself; empty if it does not
     * @param urls what to type on another device, the likeliest first
     * @param toml what to write into proxy.toml to keep it; empty if it stands there
     * @param clientsAllowed who may come in, in the words of proxy.toml; empty if a version that does not tell was
     *     asked
     * @param whyNoUrl why there is none, in words; empty if there is one
     * @param clients those with the most links and sessions first; not all of very many
     */
    public record ForwardView(
            String name,
            String protocol,
            List<String> listen,
            String target,
            String resolved,
            int listening,
            State state,
            String error,
            long open,
            long accepted,
            long refused,
            long bytesIn,
            long bytesOut,
            Optional<LastProblem> lastProblem,
            Optional<LastClient> lastClient,
            String lastOwnClient,
            Origin origin,
            Optional<Instant> endsAt,
            List<String> urls,
            List<ClientView> clients,
            String toml,
            String whyNoUrl,
            String clientsAllowed) {

        /** Of a version of the program that does not tell who may come in. */
        public ForwardView(
                String name,
                String protocol,
                List<String> listen,
                String target,
                String resolved,
                int listening,
                State state,
                String error,
                long open,
                long accepted,
                long refused,
                long bytesIn,
                long bytesOut,
                Optional<LastProblem> lastProblem,
                Optional<LastClient> lastClient,
                String lastOwnClient,
                Origin origin,
                Optional<Instant> endsAt,
                List<String> urls,
                List<ClientView> clients,
                String toml,
                String whyNoUrl) {
            this(
                    name,
                    protocol,
                    listen,
                    target,
                    resolved,
                    listening,
                    state,
                    error,
                    open,
                    accepted,
                    refused,
                    bytesIn,
                    bytesOut,
                    lastProblem,
                    lastClient,
                    lastOwnClient,
                    origin,
                    endsAt,
                    urls,
                    clients,
                    toml,
                    whyNoUrl,
                    "");
        }
    }

    /** Where a forward comes from. */
    public enum Origin {
        /** A {@code [[forward]]} of the configuration. */
        FILE,
        /** Somebody shares a port for a time. */
        SHARE,
        /** A server began to listen, and {@code [auto]} lets it in. */
        AUTO;

        /** The word used in JSON. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Who has links or sessions.
     *
     * @param address or a network of IPv6, which counts as one client
     */
    public record ClientView(String address, int open) {}

    /**
     * Something that has happened.
     *
     * @param level info, warn or error
     * @param text one line
     */
    public record Event(Instant at, String level, String text) {}

    /**
     * A client.
     *
     * @param address literal
     * @param refusal why it was turned away; empty if it was not
     * @param code of the refusal; empty if it was not turned away, or by a version of the program that does not tell
     * @param cure what to do about the refusal; empty if it was not turned away, or somebody has to look first
     */
    public record LastClient(String address, Instant at, String refusal, Optional<Refusal.Code> code, String cure) {

        /** One that was not turned away. */
        public LastClient(String address, Instant at) {
            this(address, at, "", Optional.empty(), "");
        }
    }

    /**
     * What went wrong last.
     *
     * @param client who was refused, {@code ADDRESS:PORT}; empty if it was another failure
     * @param text one line; of a refusal the reason
     * @param code of a refusal; empty if it was another failure, or by a version of the program that does not tell
     * @param limit the key in proxy.toml of the limit that was reached; empty if none was
     * @param cure what to do about it; empty where somebody has to look first
     * @param servedSince when it was over; empty if it is not known to be
     */
    public record LastProblem(
            Instant at,
            String client,
            String text,
            Optional<Refusal.Code> code,
            String limit,
            String cure,
            Optional<Instant> servedSince) {

        /** All of it but the time. */
        public String line() {
            return client.isEmpty() ? text : "refused " + client + ": " + text;
        }

        /** The line behind its time, to the second. */
        String withTime() {
            return at.truncatedTo(ChronoUnit.SECONDS) + " " + line();
        }
    }

    /** What the listeners of a forward do; failed if any has failed, else waiting if any waits; paused by hand. */
    public enum State {
        LISTENING,
        FAILED,
        WAITING,
        PAUSED;

        /** The word used in JSON and in tables. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
