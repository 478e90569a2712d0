package io.github.wslproxy.testing;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Gives a parser inputs that are nearly right: samples of its language that were cut, joined, flipped, repeated,
 * encoded otherwise, and had words of that language put in. The same ones in each run, as many as fit into two seconds
 * and at most a few thousand; {@code -Dfuzz.inputs=1000000} asks for so many instead, however long it takes.
 */
public final class Fuzz {
    private static final long SEED = 20_261_122;
    private static final int USUAL = 4000;
    private static final long BOX = TimeUnit.SECONDS.toNanos(2);

    /** No input of some kilobytes may take longer, on a computer that does other things too. */
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(5);

    private static final int MOST_BYTES = 1 << 16;

    private final List<byte[]> samples;
    private final List<byte[]> words = new ArrayList<>();
    private final Random random = new Random(SEED);
    private volatile byte[] current = new byte[0];

    /** What is done with one input; throws if the outcome is not as it should be. */
    @FunctionalInterface
    public interface Target {
        void take(byte[] input) throws Exception;
    }

    private Fuzz(List<byte[]> samples) {
        this.samples = samples;
        words.addAll(
                bytes("\0", "\r\n", "\n", "\uFEFF", "\u202E", "\u001B[2J", "\uD83D\uDE00", "%", "\"", "'", "\\", " "));
        words.addAll(bytes("0", "-1", "65535", "65536", "2147483648", "9223372036854775808", "\u0661", "\uFF11"));
    }

    public static Fuzz from(String... samples) {
        return new Fuzz(bytes(samples));
    }

    public static Fuzz from(byte[] sample, String... more) {
        List<byte[]> samples = new ArrayList<>(List.of(sample));
        samples.addAll(bytes(more));
        return new Fuzz(samples);
    }

    /** What the language of the parser is made of. */
    public Fuzz with(String... ofTheLanguage) {
        words.addAll(bytes(ofTheLanguage));
        return this;
    }

    /** Stops at the first input that fails and shows it, as a string in which each character is a byte. */
    public void feed(Target target) {
        long asked = Long.getLong("fuzz.inputs", 0);
        long began = System.nanoTime();
        Thread watch = new Thread(this::watch, "fuzz-watch");
        watch.setDaemon(true);
        watch.start();
        try {
            feed(target, asked, began);
        } finally {
            watch.interrupt();
        }
    }

    /** A parser that goes round and round cannot be stopped, only be told of. */
    private void watch() {
        byte[] before = current;
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(4 * LONGEST);
                if (current == before && before.length > 0) {
                    System.err.println("no end with " + shown(before));
                    Runtime.getRuntime().halt(1);
                }
                before = current;
            }
        } catch (InterruptedException done) {
            // All inputs have been taken.
        }
    }

    private void feed(Target target, long asked, long began) {
        long slowest = 0;
        long count = 0;
        while (asked > 0 ? count < asked : count < USUAL && System.nanoTime() - began < BOX) {
            byte[] input = count < samples.size() ? samples.get((int) count) : next();
            current = input;
            long start = System.nanoTime();
            take(target, input, count);
            slowest = Math.max(slowest, System.nanoTime() - start);
            count++;
            if (slowest > LONGEST) {
                throw new AssertionError("took " + TimeUnit.NANOSECONDS.toMillis(slowest) + " ms: " + shown(input));
            }
        }
        if (asked > 0) {
            System.out.printf(
                    "fuzz %s: %d inputs in %d s, the slowest %d ms%n",
                    caller(),
                    count,
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began),
                    TimeUnit.NANOSECONDS.toMillis(slowest));
        }
    }

    private static void take(Target target, byte[] input, long count) {
        try {
            target.take(input);
        } catch (Exception | AssertionError | StackOverflowError failure) {
            throw new AssertionError("input " + count + ": " + shown(input) + ": " + failure, failure);
        }
    }

    private static String caller() {
        return StackWalker.getInstance()
                .walk(frames -> frames.skip(3)
                        .findFirst()
                        .map(frame -> frame.getClassName().replaceAll(".*\\.", "") + "." + frame.getMethodName()))
                .orElse("?");
    }

    private byte[] next() {
        if (random.nextInt(20) == 0) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            return noise;
        }
        byte[] input = any(samples);
        for (int edits = 1 + random.nextInt(5); edits > 0; edits--) {
            input = edited(input);
        }
        return input.length <= MOST_BYTES ? input : Arrays.copyOf(input, MOST_BYTES);
    }

    private byte[] edited(byte[] input) {
        int from = random.nextInt(input.length + 1);
        int to = Math.min(input.length, from + random.nextInt(random.nextBoolean() ? 4 : 64));
        return switch (random.nextInt(12)) {
            case 0 -> flipped(input);
            case 1 -> joined(input, from, new byte[] {(byte) random.nextInt(256)}, to);
            case 2, 3, 4 -> joined(input, from, any(words), from);
            case 5 -> joined(input, from, any(words), to);
            case 6 -> joined(input, from, new byte[0], to);
            case 7 -> joined(input, to, Arrays.copyOfRange(input, from, to), to);
            case 8 -> joined(input, from, part(any(samples)), to);
            case 9 -> random.nextBoolean() ? Arrays.copyOf(input, from) : encoded(input);
            case 10 -> joined(input, from, repeated(random.nextBoolean() ? any(words) : part(input)), to);
            default -> joined(input, from, new byte[] {(byte) (' ' + random.nextInt(95))}, to);
        };
    }

    private byte[] flipped(byte[] input) {
        byte[] copy = input.clone();
        if (copy.length > 0) {
            copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return copy;
    }

    private byte[] encoded(byte[] input) {
        String text = new String(input, UTF_8);
        return switch (random.nextInt(3)) {
            case 0 -> text.getBytes(UTF_16LE);
            case 1 -> ("\uFEFF" + text).getBytes(UTF_16LE);
            default -> text.replace("\n", "\r\n").getBytes(UTF_8);
        };
    }

    private byte[] repeated(byte[] unit) {
        int times = random.nextInt(20) == 0 ? random.nextInt(2000) : random.nextInt(30);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < times && out.size() < MOST_BYTES; i++) {
            out.writeBytes(unit);
        }
        return out.toByteArray();
    }

    private byte[] part(byte[] bytes) {
        int from = random.nextInt(bytes.length + 1);
        return Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + random.nextInt(40)));
    }

    private byte[] any(List<byte[]> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static byte[] joined(byte[] input, int from, byte[] middle, int to) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(input, 0, from);
        out.writeBytes(middle);
        out.write(input, to, input.length - to);
        return out.toByteArray();
    }

    private static List<byte[]> bytes(String... texts) {
        return Arrays.stream(texts).map(text -> text.getBytes(UTF_8)).toList();
    }

    private static String shown(byte[] input) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < Math.min(input.length, 2000); i++) {
            char character = (char) (input[i] & 0xff);
            if (character == '"' || character == '\\') {
                text.append('\\').append(character);
            } else if (character >= ' ' && character <= '~') {
                text.append(character);
            } else {
                text.append(String.format("\\u%04x", (int) character));
            }
        }
        return text.append('"')
                .append(input.length > 2000 ? " and so on, " + input.length + " bytes" : "")
                .toString();
    }
}
