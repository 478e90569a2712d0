package io.github.wslproxy.doctor;

/** A sentence of the house: what is wrong, a colon, what to do. */
final class Sentence {
    private static final String BETWEEN = ": ";

    private Sentence() {}

    /** All of it, if it has only one part. */
    static String cause(String sentence) {
        int colon = sentence.indexOf(BETWEEN);
        return colon < 0 ? sentence : sentence.substring(0, colon);
    }

    /** All of it, if it has only one part. */
    static String cure(String sentence) {
        int colon = sentence.indexOf(BETWEEN);
        return colon < 0 ? sentence : sentence.substring(colon + BETWEEN.length());
    }
}
