package io.github.wslproxy.e2e;

/** Prints each of its arguments on a line of its own. */
final class ShowArguments {
    private ShowArguments() {}

    public static void main(String[] arguments) {
        System.out.println(String.join("\n", arguments));
    }
}
