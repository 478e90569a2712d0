package io.github.wslproxy.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What a program has to know to change the running proxy through its status address, which every user of this computer can
 * reach. It lies in a file that only this user can read, and is kept, so that a page that has it goes on with the next start.
 */
public final class PageToken {
    private static final int BYTES = 16;
    private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{" + 2 * BYTES + "}");

    private PageToken() {}

    /**
     * The token of this user, made if there is none yet.
     *
     * @throws IOException if it can be neither read nor made; the message names the file
     */
    public static String of(StateFolder state) throws IOException {
        Path file = state.path().resolve("page-token");
        try {
            String known = Files.exists(file) ? Files.readString(file).strip() : "";
            return SHAPE.matcher(known).matches() ? known : make(file);
        } catch (IOException e) {
            throw new IOException("cannot use " + file + ": " + FileFailure.why(e), e);
        }
    }

    /** One that only this process knows. */
    public static String random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String make(Path file) throws IOException {
        OwnFiles.folderOf(file);
        Files.deleteIfExists(file);
        OwnFiles.newFile(file);
        String token = random();
        Files.writeString(file, token + "\n");
        return token;
    }
}
