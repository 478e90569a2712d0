package io.github.wslproxy.cli;

/** Words of a command line to copy. */
final class Quoted {
    private Quoted() {}

    /** As sh, cmd and PowerShell take it for one word, if it is no more than a name or a path. */
    static String word(String word) {
        return word.matches("[\\w.,:/\\\\~+@-]+") ? word : '"' + word + '"';
    }
}
