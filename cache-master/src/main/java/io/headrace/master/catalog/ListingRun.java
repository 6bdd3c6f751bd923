package io.headrace.master.catalog;

import io.headrace.storage.ObjectStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one listing, of a directory or of all, has met so far. At its end, rows that are as old as its start and were not
 * met are gone at the origin. Guarded by the catalog's write lock.
 */
final class ListingRun {
    /** An object whose name is a directory's; decided at the end, when it is known whether the directory is still there. */
    record Contested(Directory directory, ObjectStatus object) {}

    private static final int MOST_CONTESTED = 10_000;

    private final long startedMillis;
    private final long lastIdBefore;
    private final IdSet met = new IdSet();
    private final IdSet made = new IdSet();
    private final Set<Long> fresh = new HashSet<>();
    private final List<Contested> contested = new ArrayList<>();
    private boolean contestedLost;
    private boolean directoriesWent;

    ListingRun(long startedMillis, long lastIdBefore) {
        this.startedMillis = startedMillis;
        this.lastIdBefore = lastIdBefore;
    }

    long startedMillis() {
        return startedMillis;
    }

    void met(long id) {
        if (id <= lastIdBefore) {
            met.add(id);
        }
    }

    /** An id that was given out since the start was met by whoever gave it. */
    boolean hasMet(long id) {
        return id > lastIdBefore || met.contains(id);
    }

    /** Whether this row must go at the end: it was there at the start, and nothing saw it since. */
    boolean isGone(long id) {
        return id <= lastIdBefore && !met.contains(id);
    }

    void made(long directoryId) {
        made.add(directoryId);
    }

    /** Whether all inside is known when this run, a full listing, ends. */
    boolean covers(long directoryId) {
        return directoryId <= lastIdBefore || made.contains(directoryId);
    }

    /** Says that only this run puts rows into the directory, each once, so that none needs to be looked for. */
    void fresh(long directoryId) {
        fresh.add(directoryId);
    }

    void notFresh(long directoryId) {
        fresh.remove(directoryId);
    }

    boolean isFresh(long directoryId) {
        return fresh.contains(directoryId);
    }

    /** Says that directories were removed, so that what is remembered of their ids is void. */
    void directoryWent() {
        directoriesWent = true;
    }

    /** Whether directories were removed since the last call. */
    boolean directoriesWent() {
        boolean went = directoriesWent;
        directoriesWent = false;
        return went;
    }

    void contest(Directory directory, ObjectStatus object) {
        if (contested.size() < MOST_CONTESTED) {
            contested.add(new Contested(directory, object));
        } else {
            contestedLost = true;
        }
    }

    List<Contested> contested() {
        return contested;
    }

    /** Whether objects under directories' names were too many to remember: the next listing decides on them. */
    boolean contestedLost() {
        return contestedLost;
    }
}
