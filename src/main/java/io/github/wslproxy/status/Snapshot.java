package io.github.wslproxy.status;

import com.google.gson.annotations.JsonAdapter;
import com.google.gson.annotations.SerializedName;
import io.github.wslproxy.relay.RefusalCode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that a person or a program may ask about the running proxy, at one moment. {@link StatusJson} makes the
 * document of {@code /api/status} of it, with a key for each component in this order, and reads it back; names and
 * order are a promise to programs outside. A component that another version of the program does not send is empty.
 *
 * @param version of the program
 * @param pid its process
 * @param java what it runs on
 * @param uptime since its start
 * @param config the absolute path of the configuration that runs; empty if that is no file
 * @param configOption {@code --config FILE}, quoted for a shell, as commands about it need it; empty for the default
 *     file
 * @param configError what is wrong with the newest edit of the configuration, so that an older one runs; empty if
 *     nothing is
 * @param target where WSL is
 * @param limits of the whole program, by name: connections, connecting, sessions, direct_memory (in bytes) and rate
 *     (used: sources; max: a second)
 * @param forwards in the order of the configuration, then those that were shared and those that appeared by themselves
 * @param events what has happened lately, the newest last
 */
public record Snapshot(
        String version,
        long pid,
        Optional<Java> java,
        @SerializedName("uptime_seconds") Duration uptime,
        @JsonAdapter(RecordJson.TextOrNull.class) String config,
        @JsonAdapter(RecordJson.TextOrNull.class) String configOption,
        @JsonAdapter(RecordJson.TextOrNull.class) String configError,
        Target target,
        Map<String, LimitView> limits,
        List<ForwardView> forwards,
        List<Event> events) {

    /**
     * The Java of the process.
     *
     * @param exclusiveBind whether its listeners keep others from the port, WSL's relay on localhost among them
     * @param keepAlive whether it can ask a silent peer after a minute
     */
    public record Java(String version, boolean exclusiveBind, boolean keepAlive) {}

    /**
     * What is known of WSL.
     *
     * @param state up, down, unknown or on-lan
     * @param address literal, or empty while there is none
     * @param since when the state or the address changed last
     * @param reason how it came to be known, in words
     * @param onStopped what a new client gets while WSL is stopped: refuse, hold or wake
     * @param hold how long it may wait; zero if it is refused at once
     */
    public record Target(
            String state,
            @JsonAdapter(RecordJson.TextOrNull.class) String address,
            Instant since,
            String reason,
            @JsonAdapter(RecordJson.TextOrNull.class) String onStopped,

            @SerializedName("hold_seconds") @JsonAdapter(RecordJson.Fraction.class)
            Duration hold) {}

    /**
     * How much of a limit of the whole program is used.
     *
     * @param refused clients that were turned away by it so far
     */
    public record LimitView(long used, long max, long refused) {}

    /**
     * One forward.
     *
     * @param protocol tcp, udp or tcp+udp
     * @param listen as configured
     * @param target as configured
     * @param resolved where the target is now, with its ports; empty while it is nowhere
     * @param state what its listeners do
     * @param error why a listener failed or waits; empty if none does
     * @param open connections and sessions now
     * @param accepted connections and sessions so far
     * @param refused clients turned away, and connects that failed
     * @param bytesIn from clients to the target
     * @param bytesOut from the target to clients
     * @param lastError {@code lastProblem} in one line; empty if there was none
     * @param lastProblem the newest refusal or failure
     * @param lastClient the newest client from another computer
     * @param lastOwnClient the newest client from this computer, {@code ADDRESS:PORT}; empty if there was none
     * @param endsAt when it ends by itself; empty if it does not
     * @param urls what to type on another device, the likeliest first
     * @param clients those with the most connections and sessions first; of very many not all
     * @param toml what to write into proxy.toml to keep it; empty if it stands there
     * @param whyNoUrl why there is no URL, in words; empty if there is one
     * @param clientsAllowed who may come in, in the words of proxy.toml
     * @param via how TCP reaches the target: address, or localhost for WSL's relay there
     */
    public record ForwardView(
            String name,
            String protocol,
            List<String> listen,
            String target,
            @JsonAdapter(RecordJson.TextOrNull.class) String resolved,
            ForwardState state,
            @JsonAdapter(RecordJson.TextOrNull.class) String error,
            long open,
            long accepted,
            long refused,
            long bytesIn,
            long bytesOut,
            @JsonAdapter(RecordJson.TextOrNull.class) String lastError,
            Optional<LastProblem> lastProblem,
            Optional<LastClient> lastClient,
            @JsonAdapter(RecordJson.TextOrNull.class) String lastOwnClient,
            Origin origin,
            Optional<Instant> endsAt,
            List<String> urls,
            List<ClientView> clients,
            @JsonAdapter(RecordJson.TextOrNull.class) String toml,
            @JsonAdapter(RecordJson.TextOrNull.class) String whyNoUrl,
            @JsonAdapter(RecordJson.TextOrNull.class) String clientsAllowed,
            String via) {

        /** Whether the target is WSL, wherever that is now. */
        public boolean leadsToWsl() {
            return target.startsWith("wsl:");
        }

        /** Whether TCP goes through the relay that WSL runs on localhost of Windows. */
        public boolean isThroughLocalhost() {
            return via.equals("localhost");
        }
    }

    /** How a forward came to be. */
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

    /** What the listeners of a forward do; failed if any has failed, else waiting if any waits; paused by hand. */
    public enum ForwardState {
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

    /**
     * Who has connections or sessions.
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
     * @param accepted whether it was not turned away
     * @param refusal why it was turned away; empty if it was not
     * @param code of the refusal; empty also for one that this version does not know
     * @param cure what to do about the refusal; empty also where somebody has to look first
     */
    public record LastClient(
            String address,
            Instant at,
            boolean accepted,
            @JsonAdapter(RecordJson.TextOrNull.class) String refusal,
            Optional<RefusalCode> code,
            @JsonAdapter(RecordJson.TextOrNull.class) String cure) {}

    /**
     * What went wrong last.
     *
     * @param client who was refused, {@code ADDRESS:PORT}; empty if it was another failure
     * @param text one line; of a refusal the reason
     * @param code of a refusal; empty for another failure, and for a code that this version does not know
     * @param limit the key in proxy.toml of the limit that was reached; empty if none was
     * @param cure what to do about it; empty where somebody has to look first
     * @param servedSince when it was over; empty if it is not known to be
     */
    public record LastProblem(
            Instant at,
            @JsonAdapter(RecordJson.TextOrNull.class) String client,
            String text,
            Optional<RefusalCode> code,
            @JsonAdapter(RecordJson.TextOrNull.class) String limit,
            @JsonAdapter(RecordJson.TextOrNull.class) String cure,
            Optional<Instant> servedSince) {

        /** All of it but the time. */
        public String line() {
            return client.isEmpty() ? text : "refused " + client + ": " + text;
        }

        /** The line behind its time, to the second. */
        public String withTime() {
            return at.truncatedTo(ChronoUnit.SECONDS) + " " + line();
        }
    }
}
