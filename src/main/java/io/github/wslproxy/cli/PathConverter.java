package io.github.wslproxy.cli;

import io.github.wslproxy.os.SafeText;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Files on the command line. An empty name would be the working directory. */
final class PathConverter implements ITypeConverter<Path> {
    @Override
    public Path convert(String text) {
        try {
            if (!text.isEmpty()) {
                return Path.of(text);
            }
        } catch (InvalidPathException notHere) {
            // Said below.
        }
        throw new TypeConversionException("\"" + SafeText.escaped(text) + "\" is not the name of a file");
    }
}
