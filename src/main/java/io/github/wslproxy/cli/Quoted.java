package io.github.wslproxy.cli;

/** Words of a command line to copy. */
final class Quoted {
    private Quoted() {}

    /** As one word for who reads it. */
    static String text(String text) {
        return text.matches("[\\w.,:/\\\\~+@-]+") ? text : '"' + text + '"';
    }

    /**
     * As sh, cmd and PowerShell take it for one word. What any of them would replace in quotes, or take for an option, is left
     * out: the line may be copied by somebody who has not written the configuration.
     */
    static String word(String word) {
        if (word.startsWith("-") || word.matches(".*[\"'`$%!].*")) {
            return "...";
        }
        return text(word);
    }
}
