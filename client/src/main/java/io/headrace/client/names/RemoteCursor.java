package io.headrace.client.names;

import io.headrace.client.names.RemoteDirectory.Page;
import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import java.io.IOException;
import java.util.Optional;

/** Reads a large directory with one page in memory. */
final class RemoteCursor implements DirectoryCursor {
    private final RemoteDirectory directory;
    private Page page;
    private int index;

    RemoteCursor(RemoteDirectory directory, Page first) {
        this.directory = directory;
        this.page = first;
    }

    @Override
    public long position() {
        return page.position() + index;
    }

    @Override
    public void seek(long to) throws IOException {
        if (to < 0) {
            throw new IllegalArgumentException("no position in a directory: " + to);
        }
        long behind = page.position() + page.entries().size();
        if (to < page.position() || to > behind) {
            page = directory.page(to, false);
            index = 0;
        } else {
            index = (int) (to - page.position());
        }
    }

    @Override
    public Optional<Entry> next() throws IOException {
        if (index == page.entries().size()) {
            if (page.end()) {
                return Optional.empty();
            }
            page = directory.page(position(), false);
            index = 0;
            if (page.entries().isEmpty()) {
                return Optional.empty();
            }
        }
        return Optional.of(page.entries().get(index++));
    }

    @Override
    public void close() {
        directory.close();
    }
}
