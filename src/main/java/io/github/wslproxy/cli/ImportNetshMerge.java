package io.github.wslproxy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.wslproxy.config.ConfigException;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.windows.ImportedForward;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Arrays;
import java.util.List;

/**
 * Adds forwards to a configuration, all of them or none, and leaves every other byte as it is. They go to its end, or
 * to the end of the array if it has its forwards as one.
 */
final class ImportNetshMerge {
    private final Path shown;
    private final Path file;
    private final byte[] before;

    /** @param file exists */
    ImportNetshMerge(Path file) throws IOException {
        this.shown = file;
        this.file = file.toRealPath(); // A link stays a link.
        this.before = Files.readAllBytes(this.file);
    }

    /** Whether {@code there} takes the clients of {@code imported} and brings them to the same place. */
    static boolean covers(Forward there, Forward imported) {
        return there.protocols().contains(Protocol.TCP)
                && imported.listens().stream().allMatch(listen -> there.listens().stream()
                        .anyMatch(
                                taken -> covers(taken, listen) && leadToTheSamePlace(there, taken, imported, listen)));
    }

    private static boolean covers(Endpoint taken, Endpoint listen) {
        return taken.ports().first() <= listen.ports().first()
                && listen.ports().last() <= taken.ports().last()
                && covers(taken.host(), listen.host());
    }

    private static boolean covers(Host taken, Host listen) {
        // A socket on [::] takes IPv4 too.
        return taken.equals(listen)
                || taken instanceof Host.Everywhere
                || taken.isWildcard(Inet6Address.class)
                || (taken.isWildcard(Inet4Address.class)
                        && listen instanceof Host.Address literal
                        && literal.value() instanceof Inet4Address);
    }

    private static boolean leadToTheSamePlace(Forward there, Endpoint taken, Forward imported, Endpoint listen) {
        int shift = listen.ports().first() - taken.ports().first();
        return there.target().host().equals(imported.target().host())
                && there.target().ports().first() + shift
                        == imported.target().ports().first();
    }

    /**
     * Writes the file anew with {@code forwards} in it.
     *
     * @throws ConfigException if the whole would be invalid; nothing is written then
     */
    void add(List<ImportedForward> forwards) throws ConfigException, IOException {
        byte[] whole = with(forwards);
        ConfigFile.parse(shown, whole);
        Path next = Files.createTempFile(file.getParent(), "." + file.getFileName(), ".tmp");
        try {
            Files.write(next, whole);
            replaceBy(next);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    private byte[] with(List<ImportedForward> forwards) {
        String text = new String(before, UTF_8);
        String lineEnd = text.contains("\r\n") ? "\r\n" : "\n";
        return InlineForwards.add(text, forwards, lineEnd)
                .orElseGet(() -> withAtEnd(text, ImportNetshText.toml(forwards), lineEnd))
                .getBytes(UTF_8);
    }

    private static String withAtEnd(String text, List<String> lines, String lineEnd) {
        StringBuilder whole = new StringBuilder(text);
        if (!text.isEmpty() && !text.endsWith("\n")) {
            whole.append(lineEnd);
        }
        lines.forEach(line -> whole.append(line).append(lineEnd));
        return whole.toString();
    }

    private void replaceBy(Path next) throws IOException {
        if (!Arrays.equals(before, Files.readAllBytes(file))) {
            throw new IOException(shown + " was changed by somebody else meanwhile and was left so; try again");
        }
        if (Files.getFileAttributeView(file, PosixFileAttributeView.class) != null) {
            Files.setPosixFilePermissions(next, Files.getPosixFilePermissions(file));
        }
        try {
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException notHere) {
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
