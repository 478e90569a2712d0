package io.github.wslproxy.archive;

import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.os.Fault;
import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.CommandRunner;
import io.github.wslproxy.os.ProcessRunner;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the archive of this program's classes up to date: some time after a start, when the computer has settled, a
 * second Java runs the program once for nothing and archives what it has loaded. Next time the launchers find it.
 * Without it, as where the folder cannot be written to, a start only takes longer.
 */
public final class ClassArchive {
    private static final Logger log = LoggerFactory.getLogger(ClassArchive.class);
    private static final Duration SETTLED = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration ENDED = Duration.ofSeconds(1);
    private static final String MADE = "made";
    private static final String NOT_POSSIBLE = "not possible";
    private static final int MOST_OUTPUT = 1 << 20;

    private final ProgramFiles program;
    private final Path java;
    private final String javaInWords;
    private final CommandRunner runner;

    /**
     * @param java the program java
     * @param javaInWords what tells one Java from another
     */
    ClassArchive(ProgramFiles program, Path java, String javaInWords, CommandRunner runner) {
        this.program = program;
        this.java = java;
        this.javaInWords = javaInWords;
        this.runner = runner;
    }

    /**
     * Looks after it in some time, on a thread of its own.
     *
     * @param rehearsal the arguments with which the program does nothing but what a start needs, and ends
     * @return to be closed before the program ends, which ends what is under way
     */
    public static Upkeep keepUpToDate(String... rehearsal) {
        Optional<ClassArchive> archive = ProgramFiles.of(System.getProperty("java.class.path", ""))
                .map(program -> new ClassArchive(
                        program, javaOfThisProcess(), thisJava(), new ProcessRunner(Optional.empty(), MOST_OUTPUT)));
        return new Upkeep(archive.map(one -> one.start(List.of(rehearsal))));
    }

    /**
     * What looks after it.
     *
     * @param thread empty if the program has no place for an archive
     */
    public record Upkeep(Optional<Thread> thread) implements AutoCloseable {
        @Override
        public void close() {
            thread.ifPresent(Upkeep::end);
        }

        private static void end(Thread thread) {
            thread.interrupt();
            try {
                thread.join(ENDED.toMillis());
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Thread start(List<String> rehearsal) {
        Thread thread = new Thread(
                () -> Fault.contain(
                        () -> renewWhenSettled(rehearsal),
                        failure -> log.debug("the archive of classes was not made: {}", Fault.line(failure))),
                "wslproxy-archive");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void renewWhenSettled(List<String> rehearsal) {
        try {
            TimeUnit.NANOSECONDS.sleep(SETTLED.toNanos());
            renew(rehearsal);
        } catch (InterruptedException programEnds) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            log.debug("the archive of classes was not made, so a start takes longer: {}", e.toString());
        }
    }

    /** Makes it, unless there is one of these very files or none can be made of them. */
    void renew(List<String> rehearsal) throws IOException {
        if (!Files.isWritable(program.folder())) {
            return;
        }
        String files = javaInWords + '\n' + program.jarsInWords();
        String known = Files.exists(program.note()) ? Files.readString(program.note()) : "";
        if (known.equals(NOT_POSSIBLE + '\n' + files) || known.equals(made(program.archive()) + '\n' + files)) {
            return;
        }
        program.deleteLeftOver();
        Path made = program.unfinished(ProcessHandle.current().pid());
        CommandResult result = runner.run(command(made, rehearsal), PATIENCE);
        if (!(result instanceof CommandResult.Ended ended) || ended.exit() != 0) {
            Files.deleteIfExists(made);
            log.debug("the archive of classes was not made, which is tried again at the next start: {}", result);
        } else if (Files.exists(made)) {
            // Java makes it read-only, and Windows replaces no such file.
            made.toFile().setWritable(true);
            writeThrough(made);
            String first = made(made);
            Files.move(made, program.archive(), StandardCopyOption.REPLACE_EXISTING);
            note(made, first + '\n' + files);
            log.debug("the archive of classes is made: {}", program.archive());
        } else {
            note(made, NOT_POSSIBLE + '\n' + files);
            log.debug("Java makes no archive of classes: {}", result);
        }
    }

    /**
     * The first line of the note, by which the launchers know a whole archive: Java does not survive one of which the
     * end is missing.
     */
    private static String made(Path archive) throws IOException {
        return Files.exists(archive) ? MADE + " " + Files.size(archive) : "";
    }

    /** A computer that loses its power would else keep the name and the length, and no content. */
    private static void writeThrough(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Also in the place of a note that another user has left. */
    private void note(Path unfinished, String text) throws IOException {
        Files.writeString(unfinished, text);
        Files.move(unfinished, program.note(), StandardCopyOption.REPLACE_EXISTING);
    }

    private List<String> command(Path made, List<String> rehearsal) {
        List<String> command = new ArrayList<>(List.of(
                java.toString(),
                "@" + program.options(),
                "-XX:ArchiveClassesAtExit=" + made,
                "-cp",
                program.classPath(),
                "io.github.wslproxy.Main"));
        command.addAll(rehearsal);
        return command;
    }

    private static Path javaOfThisProcess() {
        return Path.of(System.getProperty("java.home"), "bin", OperatingSystem.isWindows() ? "java.exe" : "java");
    }

    private static String thisJava() {
        return String.join(
                " ",
                System.getProperty("java.home"),
                System.getProperty("java.vm.vendor"),
                System.getProperty("java.vm.version"));
    }
}
