package io.headrace.store;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drops files that nobody has opened for the time to live. */
final class ExpirySweep implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ExpirySweep.class);
    static final int SWEEPS_IN_A_LIFE = 4;

    private final Duration timeToLive;
    private final StoreContext context;
    private final StoredFiles files;
    private final PackedExpiry packed;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("headrace-expiry").daemon().factory());

    ExpirySweep(Duration timeToLive, StoreContext context, StoredFiles files, PackedExpiry packed) {
        this.timeToLive = timeToLive;
        this.context = context;
        this.files = files;
        this.packed = packed;
    }

    void start() {
        if (timeToLive.isZero()) {
            return;
        }
        long pause = Math.max(1, timeToLive.toMillis() / SWEEPS_IN_A_LIFE);
        ScheduledFuture<?> sweeps = thread.scheduleWithFixedDelay(this::sweep, pause, pause, TimeUnit.MILLISECONDS);
        log.debug("sweeping every {} ms: {}", pause, sweeps);
    }

    void sweep() {
        long now = context.nanoTicker().getAsLong();
        for (StoredFile file : files.all()) {
            boolean old = now - file.lastUsedNanos() > timeToLive.toNanos();
            if (old && file.isIdle() && !file.isPinned()) {
                try {
                    file.evict();
                } catch (IOException e) {
                    log.warn("could not drop {}, which nobody used for {}", file.version(), timeToLive, e);
                }
            }
        }
        packed.sweep();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
