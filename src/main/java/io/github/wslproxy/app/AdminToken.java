package io.github.wslproxy.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a program has to know to change the running proxy through its status address, which every user of this computer
 * can reach. It lies in a file that only this user can read. Each status address that is opened gets another one,
 * because whoever takes an address that was left may be sent the old one.
 */
public final class AdminToken {
    private static final int BYTES = 16;
    private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{" + 2 * BYTES + "}");

    private AdminToken() {}

    /**
     * The token of the instance that runs a configuration.
     *
     * @throws IOException if there is none; the message names the file
     */
    public static String of(Path config, StateDirectory state) throws IOException {
        state.check();
        Path file = file(config, state)
                .orElseThrow(() -> new IOException(config + " is no file, so what runs it cannot be changed"));
        String token;
        try {
            token = Files.readString(file).strip();
        } catch (IOException e) {
            throw cannotUse(file, e);
        }
        if (!SHAPE.matcher(token).matches()) {
            throw new IOException("cannot use " + file + ": it holds no token (expected: wslproxy, started again)");
        }
        return token;
    }

    /**
     * Makes another token for the instance that runs a configuration and holds its lock.
     *
     * @throws IOException if it cannot be written; the message names the file
     */
    public static String renew(Path config, StateDirectory state) throws IOException {
        state.check();
        Optional<Path> file = file(config, state);
        String token = random();
        if (file.isPresent()) {
            try {
                write(token, file.get(), state);
            } catch (IOException e) {
                throw cannotUse(file.get(), e);
            }
        }
        return token;
    }

    private static void write(String token, Path file, StateDirectory state) throws IOException {
        PrivateFiles.folderOf(file);
        state.check();
        PrivateFiles.replace(file, token + "\n");
    }

    private static Optional<Path> file(Path config, StateDirectory state) {
        return InstanceFile.of(config, state).map(InstanceFile::token);
    }

    private static IOException cannotUse(Path file, IOException cause) {
        return new IOException("cannot use " + file + ": " + IoErrors.why(cause), cause);
    }

    /** A token that only this process knows. */
    public static String random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
