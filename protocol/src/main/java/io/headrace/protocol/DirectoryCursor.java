package io.headrace.protocol;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A place in one snapshot of a directory. Position {@code n} is before the {@code n}-th entry in name order, 0 the
 * start; a position means the same for the life of the cursor. Memory use does not grow with the directory. Not
 * thread-safe; the holder closes it.
 */
public interface DirectoryCursor extends AutoCloseable {
    /**
     * A cursor over entries that are in memory anyhow.
     *
     * @param entries in the order of their names; stay as they are
     * @param closed called at each close
     */
    static DirectoryCursor over(List<Entry> entries, Runnable closed) {
        return new ListedEntries(entries, closed);
    }

    long position();

    /** Moves to a position that {@link #position} returned before, or 0. */
    void seek(long position) throws IOException;

    /** The entry at the position, which moves on by one; empty at the end. */
    Optional<Entry> next() throws IOException;

    @Override
    void close();
}
