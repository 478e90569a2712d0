package io.github.wslproxy.cli;

import io.github.wslproxy.app.IoErrors;
import io.github.wslproxy.app.PrivateFiles;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.os.SafeText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import picocli.CommandLine.Command;

/** Writes a commented configuration to start from. */
@Command(
        name = "init",
        description = "Writes a commented configuration to start from. Never overwrites one.",
        footer = {"", "Example: wslproxy init --config proxy.toml"})
final class InitCommand extends SubCommand {
    @Override
    public Integer call() throws IOException {
        Path file = configFile().toAbsolutePath();
        try (InputStream manual = Objects.requireNonNull(ConfigFile.class.getResourceAsStream("/proxy.toml"))) {
            makeFolder(file);
            PrivateFiles.newFile(file);
            Files.write(file, manual.readAllBytes());
        } catch (FileAlreadyExistsException e) {
            throw new IOException(file + " exists already and was left as it is", e);
        } catch (IOException e) {
            throw new IOException("cannot write " + file + ": " + IoErrors.why(e), e);
        }
        out().println("Wrote " + SafeText.escaped(file.toString()) + ". Edit it, then: "
                + ownCommand().line("check"));
        return ExitCode.OK;
    }

    private static void makeFolder(Path file) throws IOException {
        Path folder = file.getParent();
        if (folder == null) {
            throw new IOException("it is a folder");
        }
        try {
            PrivateFiles.folder(folder);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(IoErrors.why(e), e);
        }
    }
}
