package io.headrace.client.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.local.LeaseAnswer.Lent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What is borrowed from one worker: a bounded number of files, those used last. Thread-safe. */
final class BorrowedFiles {
    /**
     * A lease is used for so long without a question: an evicted file's space is given back that much later, and a token that
     * expired reads on for that long.
     */
    private static final long CONFIRMED_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long MOST_IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final int most;
    private final LongSupplier nanoTicker;

    @GuardedBy("this")
    private final Map<FileVersion, BorrowedFile> files = new LinkedHashMap<>(16, 0.75f, true);

    BorrowedFiles(int most, LongSupplier nanoTicker) {
        this.nanoTicker = nanoTicker;
        this.most = most;
    }

    /** A use of the version's file, when it has the block and its lease was confirmed lately. */
    synchronized Optional<BorrowedFile> confirmed(FileVersion version, int block) {
        BorrowedFile file = files.get(version);
        long now = nanoTicker.getAsLong();
        return file != null && file.has(block) && file.ageNanos(now) < CONFIRMED_NANOS && file.use(now)
                ? Optional.of(file)
                : Optional.empty();
    }

    /** Takes over the file, in place of the one before. */
    void put(BorrowedFile file) {
        file.confirmed(nanoTicker.getAsLong());
        List<BorrowedFile> dropped = new ArrayList<>();
        synchronized (this) {
            BorrowedFile before = files.put(file.version(), file);
            if (before != null) {
                dropped.add(before);
            }
            Iterator<BorrowedFile> eldest = files.values().iterator();
            while (files.size() > most) {
                dropped.add(eldest.next());
                eldest.remove();
            }
        }
        dropped.forEach(BorrowedFile::release);
    }

    /** The worker says what the file of that lease has by now. */
    synchronized void confirm(FileVersion version, Lent lent) {
        BorrowedFile file = files.get(version);
        if (file != null && file.lease() == lent.lease()) {
            file.confirm(lent.blocks(), nanoTicker.getAsLong());
        }
    }

    void drop(FileVersion version) {
        BorrowedFile dropped;
        synchronized (this) {
            dropped = files.remove(version);
        }
        if (dropped != null) {
            dropped.release();
        }
    }

    void drop(BorrowedFile file) {
        boolean dropped;
        synchronized (this) {
            dropped = files.remove(file.version(), file);
        }
        if (dropped) {
            file.release();
        }
    }

    void dropIdle() {
        long now = nanoTicker.getAsLong();
        List<BorrowedFile> idle;
        synchronized (this) {
            idle = files.values().stream()
                    .filter(file -> file.idleNanos(now) > MOST_IDLE_NANOS)
                    .toList();
            files.values().removeAll(idle);
        }
        idle.forEach(BorrowedFile::release);
    }

    void dropAll() {
        List<BorrowedFile> all;
        synchronized (this) {
            all = List.copyOf(files.values());
            files.clear();
        }
        all.forEach(BorrowedFile::release);
    }
}
