package io.headrace.fuse.session;

import io.headrace.client.ReadAhead;
import io.headrace.fuse.FileOpener;
import io.headrace.fuse.kernel.Errno;
import io.headrace.protocol.Entry.FileEntry;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Files in served mode by entry id. Thread-safe. */
final class OpenFiles implements AutoCloseable {
    /** A loader that closes and opens again finds its read-ahead as it left it. */
    private static final long LINGER_NANOS = Duration.ofSeconds(2).toNanos();

    private final FileOpener opener;
    private final Function<FileEntry, ReadAhead> readAhead;
    private final int limit;
    private final LongSupplier ticker;
    private final ConcurrentHashMap<Long, OpenFile> files = new ConcurrentHashMap<>();

    OpenFiles(FileOpener opener, Function<FileEntry, ReadAhead> readAhead, int limit, LongSupplier ticker) {
        this.opener = opener;
        this.readAhead = readAhead;
        this.limit = limit;
        this.ticker = ticker;
    }

    /** Adds a reference, which {@link #release} takes back. */
    OpenFile retain(FileEntry entry) throws IOException {
        while (true) {
            OpenFile known = files.get(entry.id());
            if (known == null) {
                if (files.size() >= limit) {
                    throw new RequestFailure(Errno.ENFILE);
                }
                known = files.computeIfAbsent(
                        entry.id(), id -> new OpenFile(entry, opener, readAhead.apply(entry), ticker.getAsLong()));
            }
            if (known.retain()) {
                return known;
            }
            files.remove(entry.id(), known);
        }
    }

    /** As {@link #retain(FileEntry)}, for a file that is open; empty when this process does not know of it. */
    Optional<OpenFile> retainKnown(long entryId) {
        OpenFile known = files.get(entryId);
        return known != null && known.retain() ? Optional.of(known) : Optional.empty();
    }

    void release(OpenFile file) {
        file.release(ticker.getAsLong());
    }

    /** One close(2) of a file; the reference that the open kept goes with it. */
    void closed(long entryId) {
        OpenFile known = files.get(entryId);
        if (known != null && known.closedOnce()) {
            release(known);
        }
    }

    boolean isOpen(long entryId) {
        OpenFile known = files.get(entryId);
        return known != null && known.isOpen();
    }

    /** Closes what nobody has used for a while. */
    void sweep() {
        long before = ticker.getAsLong() - LINGER_NANOS;
        files.forEach((id, file) -> {
            if (file.retire(before)) {
                files.remove(id, file);
            }
        });
    }

    int size() {
        return files.size();
    }

    @Override
    public void close() {
        files.forEach((id, file) -> {
            file.abandon();
            files.remove(id, file);
        });
    }
}
