package io.github.wslproxy.windows.powershell;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the commands in a script of PowerShell, as far as scripts of wslproxy need it: whatever stands where a command
 * may begin, with its parameters and arguments, also inside of groups, blocks and strings. Expressions are passed over.
 * What it does not know, or what not every PowerShell reads alike, is an error. {@code PowerShellParserTest} holds it
 * against PowerShell's own parser.
 */
final class CommandReader {
    private static final Set<String> KEYWORDS = Set.of(
            "if", "else", "elseif", "foreach", "in", "try", "catch", "finally", "param", "exit", "break", "return");
    private static final String ENDS_A_WORD = " \t\r\n;|(){},'\"#&<>`$";

    private final String text;
    private final List<Command> commands = new ArrayList<>();
    private final Set<String> functions = new HashSet<>();
    private final Deque<String> guards = new ArrayDeque<>();
    private int at;

    /**
     * A command.
     *
     * @param elements what stands behind its name
     * @param guards the commands that are known to be there, since an {@code if (Get-Command NAME)} around it asks
     */
    record Command(String name, List<Element> elements, Set<String> guards) {}

    /** A parameter or an argument. */
    sealed interface Element {
        /** {@code -Name} */
        record Parameter(String name) implements Element {}

        /**
         * {@code a,'b'}; a word or string by its text, what is known only when the script runs as empty.
         *
         * @param block whether it is a script block
         */
        record Argument(List<Optional<String>> values, boolean block) implements Element {}
    }

    private CommandReader(String text) {
        this.text = text;
    }

    /** The commands in the order in which they begin. */
    static List<Command> readAll(String script) {
        return all(script).commands;
    }

    /** The commands in the order in which they begin, without those that the script itself defines. */
    static List<Command> read(String script) {
        CommandReader reader = all(script);
        return reader.commands.stream()
                .filter(command -> !reader.functions.contains(command.name()))
                .toList();
    }

    private static CommandReader all(String script) {
        CommandReader reader = new CommandReader(script);
        reader.statements('\0');
        return reader;
    }

    /** Reads up to {@code end} and over it. */
    private void statements(char end) {
        boolean begins = true;
        List<String> asked = List.of();
        while (at < text.length()) {
            char next = text.charAt(at);
            if (next == end) {
                at++;
                return;
            }
            if (next == '\n' || next == ';' || next == '|' || next == '=') {
                begins = true;
                at++;
            } else if (Character.isWhitespace(next)) {
                at++;
            } else if (next == '#') {
                comment();
            } else if (next == '{') {
                at++;
                block(asked);
                asked = List.of();
                begins = true;
            } else if (begins && (Character.isLetter(next) || next == '.')) {
                String word = word();
                if (word.equals("function")) {
                    blanks();
                    functions.add(word());
                } else if (KEYWORDS.contains(word)) {
                    blanks();
                    asked = word.equals("if") ? condition() : asked;
                } else {
                    command(word, end);
                    begins = false;
                }
            } else {
                begins = expression(next);
            }
        }
        if (end != '\0') {
            throw new AssertionError("no " + end + " at the end");
        }
    }

    private void block(List<String> asked) {
        asked.forEach(guards::push);
        statements('}');
        asked.forEach(name -> guards.pop());
    }

    /** The commands that the condition asks for. */
    private List<String> condition() {
        int first = commands.size();
        expect('(');
        statements(')');
        return commands.subList(first, commands.size()).stream()
                .filter(command -> command.name().equals("Get-Command"))
                .map(command -> command.elements().get(0))
                .map(element -> ((Element.Argument) element).values().get(0).orElseThrow())
                .toList();
    }

    /** Whether a command may follow. */
    private boolean expression(char first) {
        switch (first) {
            case '\'' -> plainString();
            case '"' -> string();
            case '$' -> variable();
            case '@' -> at++;
            case '(' -> {
                at++;
                statements(')');
            }
            case '[' -> at = text.indexOf(']', at) + 1;
            case '+', ':', ',', '*', '.' -> at++;
            default -> {
                if (word().isEmpty()) {
                    throw new AssertionError("not read: " + text.substring(at, Math.min(at + 40, text.length())));
                }
                return text.startsWith("in", at - 2) && !Character.isLetter(text.charAt(at - 3));
            }
        }
        return false;
    }

    private void command(String name, char end) {
        List<Element> elements = new ArrayList<>();
        commands.add(new Command(name, elements, Set.copyOf(guards)));
        while (at < text.length()) {
            blanks();
            char next = at < text.length() ? text.charAt(at) : '\n';
            if (next == end || "\n;|#".indexOf(next) >= 0) {
                return;
            }
            if (next == '-' && Character.isLetter(text.charAt(at + 1))) {
                elements.add(new Element.Parameter(word().substring(1)));
            } else {
                elements.add(argument());
            }
        }
    }

    private Element.Argument argument() {
        List<Optional<String>> values = new ArrayList<>();
        boolean block = text.charAt(at) == '{';
        do {
            at += values.isEmpty() ? 0 : 1;
            blanks();
            values.add(value());
            blanks();
        } while (at < text.length() && text.charAt(at) == ',');
        return new Element.Argument(values, block);
    }

    private Optional<String> value() {
        char next = text.charAt(at);
        return switch (next) {
            case '\'' -> Optional.of(plainString());
            case '"' -> string();
            case '$' -> {
                variable();
                yield Optional.empty();
            }
            case '(', '{' -> {
                at++;
                statements(next == '(' ? ')' : '}');
                yield Optional.empty();
            }
            default -> {
                String word = word();
                if (word.isEmpty()) {
                    throw new AssertionError("not every PowerShell takes " + next + " here: " + text.substring(0, at));
                }
                yield Optional.of(word);
            }
        };
    }

    private String word() {
        int first = at;
        while (at < text.length() && ENDS_A_WORD.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(first, at);
    }

    /** A name with its members, {@code $network.Name}, or {@code $(...)}. */
    private void variable() {
        at++;
        if (text.charAt(at) == '(') {
            at++;
            statements(')');
            return;
        }
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || ":_.".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        at = text.startsWith("++", at) ? at + 2 : at;
        at = text.startsWith("[", at) ? text.indexOf(']', at) + 1 : at;
    }

    private String plainString() {
        StringBuilder value = new StringBuilder();
        for (at++; ; at++) {
            if (text.charAt(at) != '\'') {
                value.append(text.charAt(at));
            } else if (text.startsWith("''", at)) {
                value.append(text.charAt(at++));
            } else {
                at++;
                return value.toString();
            }
        }
    }

    /** Its text; empty if that is known only when the script runs. */
    private Optional<String> string() {
        StringBuilder value = new StringBuilder();
        boolean known = true;
        at++;
        while (text.charAt(at) != '"') {
            if (text.charAt(at) == '`') {
                value.append(text.charAt(at + 1));
                at += 2;
            } else if (text.charAt(at) == '$') {
                known = false;
                variable();
            } else {
                value.append(text.charAt(at++));
            }
        }
        at++;
        return known ? Optional.of(value.toString()) : Optional.empty();
    }

    private void comment() {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
    }

    private void blanks() {
        while (at < text.length() && " \t\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private void expect(char character) {
        if (text.charAt(at++) != character) {
            throw new AssertionError("expected " + character + " before " + text.substring(at));
        }
    }
}
