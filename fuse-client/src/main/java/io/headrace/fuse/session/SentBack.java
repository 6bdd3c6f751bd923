package io.headrace.fuse.session;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Opens that were answered ESTALE for the kernel to look the name up again. It does so once an open(2): a second ESTALE
 * is the program's. So for a while after the first, whatever node the file's next open comes to has to do. Thread-safe.
 */
final class SentBack {
    private final LongSupplier ticker;
    private final long whileNanos;
    private final ConcurrentHashMap<Long, Long> since = new ConcurrentHashMap<>();
    private final long madeAt;
    private volatile boolean refraining;

    SentBack(LongSupplier ticker, long whileNanos) {
        this.ticker = ticker;
        this.whileNanos = whileNanos;
        this.madeAt = ticker.getAsLong();
    }

    /** Whether the file's open may be sent back now; if so, it is noted. */
    boolean begin(long entryId) {
        long now = ticker.getAsLong();
        if (refraining && isRecent(madeAt, now)) {
            return false;
        }
        boolean[] begun = new boolean[1];
        since.compute(entryId, (id, before) -> {
            begun[0] = before == null || !isRecent(before, now);
            return begun[0] ? now : before;
        });
        return begun[0];
    }

    /** The file's open is sent back in any case. */
    void note(long entryId) {
        since.put(entryId, ticker.getAsLong());
    }

    /** Counts every file as sent back when this was made. */
    void refrain() {
        refraining = true;
    }

    void sweep() {
        long now = ticker.getAsLong();
        since.values().removeIf(before -> !isRecent(before, now));
    }

    private boolean isRecent(long before, long now) {
        return now - before < whileNanos;
    }
}
