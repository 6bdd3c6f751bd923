package io.headrace.master.catalog;

import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Walks a snapshot of a directory. To go back, it remembers the names at some positions, at most {@link #MOST_MARKS}:
 * every {@code stride} entries, twice as far apart each time that they are too many.
 */
final class NamesCursor implements DirectoryCursor {
    static final int MOST_MARKS = 1024;

    private final Directory directory;
    private final DirectoryScan scan;
    private final Predicate<Row> visible;
    private final List<byte[]> marks = new ArrayList<>();
    private long stride = 64;
    private long position;

    NamesCursor(Directory directory, DirectoryScan scan, Predicate<Row> visible) {
        this.directory = directory;
        this.scan = scan;
        this.visible = visible;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void seek(long to) throws IOException {
        if (to < 0) {
            throw new IllegalArgumentException("no position in a directory: " + to);
        }
        if (to == position) {
            return;
        }
        if (to < position || to / stride > position / stride) {
            int mark = (int) Math.min(to / stride, marks.size()) - 1;
            long marked = (mark + 1L) * stride;
            if (to < position || marked > position) {
                if (mark < 0) {
                    scan.rewind();
                    position = 0;
                } else {
                    scan.seek(marks.get(mark));
                    position = marked;
                }
            }
        }
        while (position < to && nextRow().isPresent()) {
            // Each step moves the position.
        }
    }

    @Override
    public Optional<Entry> next() throws IOException {
        return nextRow().map(placed -> directory.entryOf(placed.place().name(), placed.row()));
    }

    private Optional<PlacedRow> nextRow() throws IOException {
        Optional<PlacedRow> found = scan.next();
        while (found.isPresent() && !visible.test(found.get().row())) {
            found = scan.next();
        }
        if (found.isPresent()) {
            position++;
            if (position == (marks.size() + 1L) * stride) {
                mark(RowPlace.behind(found.get().place().encode()));
            }
        }
        return found;
    }

    private void mark(byte[] place) {
        marks.add(place);
        if (marks.size() == MOST_MARKS) {
            List<byte[]> kept = new ArrayList<>(MOST_MARKS);
            for (int i = 1; i < MOST_MARKS; i += 2) {
                kept.add(marks.get(i));
            }
            marks.clear();
            marks.addAll(kept);
            stride *= 2;
        }
    }

    @Override
    public void close() {
        scan.close();
    }
}
