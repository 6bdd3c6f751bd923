package io.headrace.client.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.FileVersion;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What a worker is not asked for, for some seconds; the newest, a bounded number. Thread-safe. */
final class Absences {
    private static final int MOST = 4096;
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** @param block empty for all of the version */
    private record What(FileVersion version, OptionalInt block) {}

    @GuardedBy("this")
    private final Map<What, Long> until = new LinkedHashMap<>();

    private final LongSupplier nanoTicker;

    Absences(LongSupplier nanoTicker) {
        this.nanoTicker = nanoTicker;
    }

    /** It does not own the block and has not got it. */
    void without(FileVersion version, int block) {
        put(new What(version, OptionalInt.of(block)));
    }

    /** It does not lend the version, or what it lent cannot be read. */
    void without(FileVersion version) {
        put(new What(version, OptionalInt.empty()));
    }

    /** @param owner whether the worker owns the block: it may have it by now, however lately it had not */
    synchronized boolean rests(FileVersion version, int block, boolean owner) {
        long now = nanoTicker.getAsLong();
        return !until.isEmpty()
                && (rests(new What(version, OptionalInt.empty()), now)
                        || (!owner && rests(new What(version, OptionalInt.of(block)), now)));
    }

    @GuardedBy("this")
    private boolean rests(What what, long now) {
        Long end = until.get(what);
        return end != null && end - now > 0;
    }

    private synchronized void put(What what) {
        until.remove(what);
        until.put(what, nanoTicker.getAsLong() + REST_NANOS);
        if (until.size() > MOST) {
            until.remove(until.keySet().iterator().next());
        }
    }
}
