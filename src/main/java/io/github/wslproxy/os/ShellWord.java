package io.github.wslproxy.os;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One word of a command that a person copies into a shell. The person has not always chosen the word: names and folders
 * come with a repository. So a word is printed only if sh, cmd and PowerShell all take it for exactly this one word.
 *
 * <p>What is harmless is listed, and everything else is left out. Inside double quotes sh replaces {@code $ ` \}, bash
 * also {@code !}, cmd replaces {@code %}, and PowerShell ends the string at the curly quotes U+201C to U+201E as well
 * (about_Quoting_Rules). A backslash before the closing quote escapes that quote for sh and for Windows programs. A
 * program that reads its command line in a code page gets what looks alike from Windows: U+02BA becomes a straight
 * quote, so modifier letters are not taken for letters, and many dashes become a hyphen, so none may begin a word.
 */
public final class ShellWord {
    /** What stands in a command for a word that cannot be printed safely: a person fills it in. */
    public static final String PLACEHOLDER = "...";

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:+][A-Za-z0-9_./:+-]*");

    private static final String LETTERS = "\\p{Lu}\\p{Ll}\\p{Lt}\\p{Lo}\\u0300-\\u036f0-9";
    private static final Pattern IN_QUOTES =
            Pattern.compile("[" + LETTERS + "\\u2010-\\u2015\\p{So} _./:+,;=@#~'\\[\\]{}&()\\\\-]+", Pattern.DOTALL);

    /**
     * PowerShell removes the quotes and puts them back only round a blank; cmd, which runs wslproxy.cmd, would then
     * obey these.
     */
    private static final Pattern NEEDS_A_BLANK = Pattern.compile("[&()]");

    private ShellWord() {}

    /** The word, in double quotes if it needs them; {@link #PLACEHOLDER} if no form of it is safe in every shell. */
    public static String of(String word) {
        return quoted(word, OperatingSystem.isWindows()).orElse(PLACEHOLDER);
    }

    /** Empty if no form of the word is safe in every shell. */
    static Optional<String> quoted(String word, boolean windows) {
        if (PLAIN.matcher(word).matches()) {
            return Optional.of(word);
        }
        boolean harmless = IN_QUOTES.matcher(word).matches()
                && Character.getType(word.charAt(0)) != Character.DASH_PUNCTUATION
                && hasHarmlessBackslashes(word, windows)
                && (word.contains(" ") || !NEEDS_A_BLANK.matcher(word).find());
        return harmless ? Optional.of('"' + word + '"') : Optional.empty();
    }

    /** Two backslashes are one in sh. Only Windows has paths that begin with two, and its own shells keep both. */
    private static boolean hasHarmlessBackslashes(String word, boolean windows) {
        return !word.endsWith("\\") && word.indexOf("\\\\", windows ? 1 : 0) < 0;
    }
}
