package io.github.wslproxy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.wslproxy.config.ConfigException;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.config.Problem;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.Protocol;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Arrays;
import java.util.List;

/** Adds text to the end of a configuration, all of it or nothing, and leaves every byte before it as it is. */
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
                        .anyMatch(taken -> covers(taken, listen) && leadsAsFar(there, taken, imported, listen)));
    }

    private static boolean covers(Endpoint taken, Endpoint listen) {
        return taken.ports().first() <= listen.ports().first()
                && listen.ports().last() <= taken.ports().last()
                && covers(taken.host(), listen.host());
    }

    private static boolean covers(Host taken, Host listen) {
        if (taken.equals(listen) || taken instanceof Host.Everywhere) {
            return true;
        }
        InetAddress wildcard = taken instanceof Host.Address literal ? literal.value() : null;
        if (wildcard == null || !wildcard.isAnyLocalAddress()) {
            return false;
        }
        // A socket on [::] takes IPv4 too.
        return wildcard instanceof Inet6Address
                || (listen instanceof Host.Address literal && literal.value() instanceof Inet4Address);
    }

    private static boolean leadsAsFar(Forward there, Endpoint taken, Forward imported, Endpoint listen) {
        int shift = listen.ports().first() - taken.ports().first();
        return there.target().host().equals(imported.target().host())
                && there.target().ports().first() + shift
                        == imported.target().ports().first();
    }

    /**
     * Writes the file anew with {@code lines} at its end, unless the whole would be invalid.
     *
     * @return what would be wrong with the whole; empty if it was written
     */
    List<Problem> append(List<String> lines) throws IOException {
        Path whole = Files.createTempFile(file.getParent(), "." + file.getFileName(), ".tmp");
        try {
            Files.write(whole, withAtEnd(lines));
            ConfigFile.read(whole);
            replaceBy(whole);
            return List.of();
        } catch (ConfigException invalid) {
            return invalid.problems().stream()
                    .map(problem -> new Problem(
                            shown.toString(), problem.line(), problem.column(), problem.message(), problem.expected()))
                    .toList();
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    private byte[] withAtEnd(List<String> lines) {
        String text = new String(before, UTF_8);
        String lineEnd = text.contains("\r\n") ? "\r\n" : "\n";
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(before);
        if (!text.isEmpty() && !text.endsWith("\n")) {
            whole.writeBytes(lineEnd.getBytes(UTF_8));
        }
        lines.forEach(line -> whole.writeBytes((line + lineEnd).getBytes(UTF_8)));
        return whole.toByteArray();
    }

    private void replaceBy(Path whole) throws IOException {
        if (!Arrays.equals(before, Files.readAllBytes(file))) {
            throw new IOException(shown + " was changed by somebody else meanwhile and was left so; try again");
        }
        if (Files.getFileAttributeView(file, PosixFileAttributeView.class) != null) {
            Files.setPosixFilePermissions(whole, Files.getPosixFilePermissions(file));
        }
        try {
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException notHere) {
            Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
