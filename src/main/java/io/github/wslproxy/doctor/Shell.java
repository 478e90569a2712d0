package io.github.wslproxy.doctor;

/** Commands as they are typed. */
final class Shell {
    private Shell() {}

    /** {@code wslproxy check --config FILE}. */
    static String wslproxy(String command, String config) {
        return ("wslproxy " + command).strip() + " --config " + quoted(config);
    }

    /** In the quotes that every shell knows, if there is a blank in it. */
    static String quoted(String word) {
        return word.indexOf(' ') < 0 ? word : '"' + word + '"';
    }
}
