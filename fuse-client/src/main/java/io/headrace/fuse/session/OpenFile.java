package io.headrace.fuse.session;

import io.headrace.client.ReadAhead;
import io.headrace.fuse.FileOpener;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.store.CachedFile;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A file in served mode, for all that have it open. The cached file is opened by the first read, so a small file whose
 * pages the kernel still has costs the store nothing.
 *
 * <p>References count opens, and reads under way; at 0 the file lingers, and {@link #retire} ends it for good.
 */
final class OpenFile {
    private static final int RETIRED = -1;

    /** A header may turn out to be longer than what was seen of it; so many looks see any honest one. */
    private static final int MAX_INSPECTIONS = 10;

    private final FileEntry entry;
    private final FileOpener opener;
    private final ReadAhead readAhead;
    private final RepliesUnderWay replies = new RepliesUnderWay();
    private final AtomicInteger references = new AtomicInteger();
    private final AtomicInteger opens = new AtomicInteger();
    private final AtomicBoolean watched = new AtomicBoolean();
    private final AtomicInteger inspections = new AtomicInteger();
    private volatile long idleSinceNanos;
    private volatile @Nullable CachedFile cached;

    OpenFile(FileEntry entry, FileOpener opener, ReadAhead readAhead, long nowNanos) {
        this.entry = entry;
        this.opener = opener;
        this.readAhead = readAhead;
        this.idleSinceNanos = nowNanos;
    }

    FileEntry entry() {
        return entry;
    }

    ReadAhead readAhead() {
        return readAhead;
    }

    RepliesUnderWay replies() {
        return replies;
    }

    CachedFile cached() throws IOException {
        CachedFile known = cached;
        return known != null ? known : openCached();
    }

    private synchronized CachedFile openCached() throws IOException {
        CachedFile known = cached;
        if (known == null) {
            known = opener.open(entry);
            cached = known;
        }
        return known;
    }

    /** @return whether the caller is the first to ask, and shall watch for completion */
    boolean startWatching() {
        return watched.compareAndSet(false, true);
    }

    /** @return whether the caller shall show the first bytes to the read-ahead now; one does so at a time */
    boolean startHeaderInspection() {
        int begun = inspections.get();
        boolean idle = begun % 2 == 0 && begun < 2 * MAX_INSPECTIONS;
        return idle && inspections.compareAndSet(begun, begun + 1);
    }

    void endHeaderInspection(boolean seen) {
        inspections.addAndGet(seen ? 1 : 2 * MAX_INSPECTIONS);
    }

    /** @return false when it was retired: take another */
    boolean retain() {
        int count = references.get();
        while (count != RETIRED) {
            if (references.compareAndSet(count, count + 1)) {
                return true;
            }
            count = references.get();
        }
        return false;
    }

    /** One more reference, by a caller who has one. */
    OpenFile retained() {
        references.incrementAndGet();
        return this;
    }

    void release(long nowNanos) {
        idleSinceNanos = nowNanos;
        references.decrementAndGet();
    }

    void opened() {
        opens.incrementAndGet();
    }

    /** @return false when this process knows of no open: an earlier one answered it */
    boolean closedOnce() {
        return opens.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
    }

    boolean isOpen() {
        return opens.get() > 0;
    }

    /** Closes it when nobody has used it since {@code beforeNanos}. */
    boolean retire(long beforeNanos) {
        boolean idle = idleSinceNanos - beforeNanos < 0;
        return idle && references.compareAndSet(0, RETIRED) && closeCached();
    }

    void abandon() {
        references.set(RETIRED);
        closeCached();
    }

    private synchronized boolean closeCached() {
        CachedFile known = cached;
        if (known != null) {
            known.close();
        }
        return true;
    }
}
