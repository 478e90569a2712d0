package io.github.wslproxy.windows;

/**
 * Why a port cannot be had.
 *
 * @param cause who holds it, without a full stop
 * @param cure what to do about it: a command alone, or else words
 * @param deletes whether the cure is a command that deletes something, for which one has to be administrator
 */
public record HeldPort(String cause, String cure, boolean deletes) {

    /** Where the cure deletes nothing. */
    public HeldPort(String cause, String cure) {
        this(cause, cure, false);
    }

    /** All of it, without a full stop. */
    public String sentence() {
        return cause + (deletes ? "; delete it as administrator with: " : ": ") + cure;
    }
}
