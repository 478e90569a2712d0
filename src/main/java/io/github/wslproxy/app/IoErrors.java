package io.github.wslproxy.app;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/** Failures of files in words, because the JDK's own message is mostly the path and nothing else. */
public final class IoErrors {
    private IoErrors() {}

    /** Why it failed, without the path that was asked for. */
    public static String why(IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return "access is denied";
        }
        if (failure instanceof NoSuchFileException) {
            return "there is no such folder";
        }
        if (failure instanceof FileAlreadyExistsException exists) {
            return exists.getFile() + " is not a folder";
        }
        return String.valueOf(failure.getMessage());
    }
}
