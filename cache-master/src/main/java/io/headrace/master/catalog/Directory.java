package io.headrace.master.catalog;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.Entry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.ObjectKey;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is known of a directory while it is in use: where its keys are, and how fresh its names are. Forgotten when it was
 * not used for long; then its names are as fresh as the last full listing.
 */
final class Directory {
    private static final Bytes SLASH = Bytes.utf8("/");

    private final long id;
    private final RowPlace place;
    private final Optional<CatalogMount> mount;
    private final Bytes prefix;
    private final boolean listed;
    /** Held by the one thread that asks the origin for this directory; taken before the catalog's write lock. */
    private final ReentrantLock refreshing = new ReentrantLock();

    private volatile long verifiedMillis = Long.MIN_VALUE;
    private volatile long triedMillis = Long.MIN_VALUE;
    private volatile boolean large;
    private final AtomicInteger questions = new AtomicInteger();
    private final AtomicBoolean refreshQueued = new AtomicBoolean();

    /**
     * @param place where its row is; for the root, a place that no row has
     * @param mount whose names are inside; empty above the mounts
     * @param prefix what the keys inside start with; empty for a mount's own directory
     * @param listed see {@link Row.DirectoryRow#listed}
     */
    Directory(long id, RowPlace place, Optional<CatalogMount> mount, Bytes prefix, boolean listed) {
        this.id = id;
        this.place = place;
        this.mount = mount;
        this.prefix = prefix;
        this.listed = listed;
    }

    Directory child(RowPlace childPlace, Row.DirectoryRow row) {
        Bytes childPrefix = prefix.concat(childPlace.name().bytes()).concat(SLASH);
        return new Directory(row.id(), childPlace, mount, childPrefix, row.listed());
    }

    long id() {
        return id;
    }

    boolean isRoot() {
        return id == Namespace.ROOT_ID;
    }

    RowPlace place() {
        return place;
    }

    Optional<CatalogMount> mount() {
        return mount;
    }

    Bytes prefix() {
        return prefix;
    }

    ObjectKey keyOf(EntryName name) {
        return new ObjectKey(prefix.concat(name.bytes()));
    }

    ReentrantLock refreshing() {
        return refreshing;
    }

    /** When all names inside were last known to be the origin's: a time before the question was asked. */
    long verifiedMillis() {
        if (!listed) {
            return verifiedMillis;
        }
        return mount.isPresent() ? Math.max(mount.get().listedMillis(prefix), verifiedMillis) : Long.MAX_VALUE;
    }

    /** Whether a reader's question was answered for all names here after this time. */
    boolean wasVerifiedAfter(long millis) {
        return verifiedMillis > millis;
    }

    /** Whether the names here were all listed once, so that an absent name was absent at the origin. */
    boolean isComplete() {
        return verifiedMillis() != Long.MIN_VALUE;
    }

    void verifiedAt(long millis) {
        verifiedMillis = Math.max(verifiedMillis, millis);
    }

    /** When the origin last failed to answer for this directory. */
    long triedMillis() {
        return triedMillis;
    }

    void triedAt(long millis) {
        triedMillis = millis;
    }

    /** Counts a reader's question, before it is answered. */
    void isAsked() {
        questions.incrementAndGet();
    }

    /** Remembers that readers hold answers; these are not counted. */
    void isAnswered() {
        questions.compareAndSet(0, 1);
    }

    /** Whether no reader asked for anything here, so that none can hold an answer. */
    boolean wasNeverAsked() {
        return questions.get() == 0;
    }

    /** Whether there was a question before the one that is being answered. */
    boolean wasAskedBefore() {
        return questions.get() > 1;
    }

    /** Whether no refresh was waiting yet; then the caller brings one. */
    boolean queueRefresh() {
        return refreshQueued.compareAndSet(false, true);
    }

    void refreshStarts() {
        refreshQueued.set(false);
    }

    /** Whether listing the children takes more than one request. */
    boolean isLarge() {
        return large;
    }

    void largeIs(boolean value) {
        large = value;
    }

    Entry entryOf(EntryName name, Row row) {
        return switch (row) {
            case Row.DirectoryRow directory -> new Entry.DirectoryEntry(row.id(), name, directory.modified());
            case Row.FileRow file -> {
                CatalogMount owner = mount.orElseThrow(() -> new IllegalStateException("a file outside of mounts"));
                FileVersion version = new FileVersion(owner.mountId(), keyOf(name), file.lengthBytes(), file.tag());
                yield new Entry.FileEntry(row.id(), name, version, file.modified());
            }
        };
    }
}
