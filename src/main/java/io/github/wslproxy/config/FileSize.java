package io.github.wslproxy.config;

import io.github.wslproxy.forward.Endpoint;
import java.util.List;
import org.tomlj.TomlPosition;

/** Counts what the forwards of the file hold together, while they are read: what is kept of it lies in the heap. */
final class FileSize {
    /** Entries of {@code listen}: each is compared with each. */
    private static final int MOST_ENTRIES = TomlChunks.MOST_FORWARDS;

    /** Entries of {@code allow} and {@code deny}. */
    private static final int MOST_BLOCKS = 16_384;

    private final Problems problems;
    private int counted;
    private int entries;
    private int blocks;

    FileSize(Problems problems) {
        this.problems = problems;
    }

    /** Counts those that have come since the last call, and reads no further where they are too many. */
    void count(List<ParsedForward> drafts) throws ConfigException {
        while (counted < drafts.size()) {
            ParsedForward draft = drafts.get(counted++);
            entries += draft.listens().size();
            blocks += draft.ownBlocks();
            if (entries > MOST_ENTRIES) {
                Located<Endpoint> last = draft.listens().get(draft.listens().size() - 1);
                throw tooMany(draft, last.at(), entries + " listen entries", MOST_ENTRIES);
            }
            if (blocks > MOST_BLOCKS) {
                throw tooMany(draft, draft.start(), blocks + " entries of allow and deny", MOST_BLOCKS);
            }
        }
    }

    private ConfigException tooMany(ParsedForward draft, TomlPosition at, String counted, int most) {
        return problems.fatal(
                at,
                draft.label() + ": with it the file has " + counted + " in its [[forward]]",
                "at most " + most + " in all of them");
    }
}
