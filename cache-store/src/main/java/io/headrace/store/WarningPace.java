package io.headrace.store;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Lets one warning through in ten seconds, and counts the others. Thread-safe. */
final class WarningPace {
    private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

    private final LongSupplier nanoTicker;
    private final AtomicLong lastNanos;
    private final AtomicLong silenced = new AtomicLong();

    WarningPace(LongSupplier nanoTicker) {
        this.nanoTicker = nanoTicker;
        this.lastNanos = new AtomicLong(nanoTicker.getAsLong() - PAUSE_NANOS);
    }

    /** Whether the caller warns now. */
    boolean isDue() {
        long last = lastNanos.get();
        long now = nanoTicker.getAsLong();
        boolean due = now - last >= PAUSE_NANOS && lastNanos.compareAndSet(last, now);
        if (!due) {
            silenced.incrementAndGet();
        }
        return due;
    }

    /** How many warnings were not let through since this was asked last. */
    long takeSilenced() {
        return silenced.getAndSet(0);
    }
}
