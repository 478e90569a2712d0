package io.github.wslproxy.doctor;

import java.util.Locale;

/**
 * What was found about one link of the chain.
 *
 * @param forward the one whose link it is; empty: all forwards share it
 * @param seen what was seen, in one line
 * @param cure the command that fixes it, or else what to do; empty unless there is something to do
 * @param note what there is to know about the cure; may be empty
 */
public record Finding(ChainLink link, String forward, FindingState state, String seen, String cure, String note) {

    /** How a link stands. */
    public enum FindingState {
        OK,
        BROKEN,
        /** The answer did not come, or does not tell. */
        NOT_KNOWN,
        /** It does not matter here, or depends on another link that is broken or not known. */
        SKIPPED,
        /** Neither good nor bad. */
        INFO;

        /** The word in JSON: {@code not-known}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    static Finding ok(ChainLink link, String seen) {
        return new Finding(link, "", FindingState.OK, seen, "", "");
    }

    static Finding broken(ChainLink link, String seen, String cure) {
        return new Finding(link, "", FindingState.BROKEN, seen, cure, "");
    }

    static Finding notKnown(ChainLink link, String why) {
        return new Finding(link, "", FindingState.NOT_KNOWN, why, "", "");
    }

    static Finding skipped(ChainLink link, String why) {
        return new Finding(link, "", FindingState.SKIPPED, why, "", "");
    }

    static Finding info(ChainLink link, String seen) {
        return new Finding(link, "", FindingState.INFO, seen, "", "");
    }

    Finding of(String name) {
        return new Finding(link, name, state, seen, cure, note);
    }

    Finding noting(String words) {
        return new Finding(link, forward, state, seen, cure, words);
    }

    public boolean isBroken() {
        return state == FindingState.BROKEN;
    }
}
