package io.github.wslproxy.forward;

/**
 * Where {@code allow} or {@code deny} stands, so that a refusal can name the list to edit.
 *
 * @param words the list as it is written, such as {@code ["private"]}; empty if nothing is written
 * @param section the table whose list it is, such as {@code [defaults]}; empty if the list is the forward's own
 * @param place {@code FILE:LINE}; empty if it stands in no file
 */
public record ListOrigin(String words, String section, String place) {
    /** The origin of a list that nobody wrote. */
    public static final ListOrigin NONE = new ListOrigin("", "", "");
}
