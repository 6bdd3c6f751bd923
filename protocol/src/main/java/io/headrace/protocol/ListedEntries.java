package io.headrace.protocol;

import java.util.List;
import java.util.Optional;

/** A place in a list of entries. */
final class ListedEntries implements DirectoryCursor {
    private final List<Entry> entries;
    private final Runnable closed;
    private int position;

    ListedEntries(List<Entry> entries, Runnable closed) {
        this.entries = entries;
        this.closed = closed;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void seek(long to) {
        if (to < 0) {
            throw new IllegalArgumentException("no position in a directory: " + to);
        }
        position = (int) Math.min(to, entries.size());
    }

    @Override
    public Optional<Entry> next() {
        return position < entries.size() ? Optional.of(entries.get(position++)) : Optional.empty();
    }

    @Override
    public void close() {
        closed.run();
    }
}
