package io.headrace.worker;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.ByteSize;
import io.headrace.protocol.FetchReason;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A token bucket of bytes. Reads are admitted while the balance is positive and charged afterwards with what they
 * brought, so the balance goes negative by at most one read of each slot, and the long-run rate is exact. The most
 * urgent reason that waits goes first. An idle bucket saves up a tenth of a second.
 */
public final class ByteRate {
    /** Reads are cut to this while a limit is set, so that no single one holds the others up. */
    static final int MOST_BYTES_A_READ = 256 << 10;

    private static final long RECHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final double BURST_SECONDS = 0.1;

    /** Longer than any other piece of the same load can keep the rate busy. */
    private static final Duration MOST_LOAD_WAIT = Duration.ofDays(1);

    private final double bytesPerNano;
    private final double burstBytes;
    private final FetchClock clock;

    @GuardedBy("this")
    private final Map<FetchReason, Integer> waiting = new EnumMap<>(FetchReason.class);

    @GuardedBy("this")
    private double balance;

    @GuardedBy("this")
    private long refilledAt;

    /** @param perSecond 0 for no limit */
    public ByteRate(ByteSize perSecond) {
        this(perSecond, FetchClock.SYSTEM);
    }

    ByteRate(ByteSize perSecond, FetchClock clock) {
        this.bytesPerNano = perSecond.bytes() / 1e9;
        this.burstBytes = Math.max(1, perSecond.bytes() * BURST_SECONDS);
        this.clock = clock;
        this.balance = burstBytes;
        this.refilledAt = clock.nanos();
    }

    boolean isUnlimited() {
        return bytesPerNano == 0;
    }

    /** Waits until bytes may be read for this reason; false when that did not come in time. */
    boolean admit(FetchReason reason, Patience patience, long until) throws Patience.AbandonedException {
        if (isUnlimited()) {
            return true;
        }
        count(reason, 1);
        try {
            return patience.await(() -> delay(reason), until);
        } finally {
            count(reason, -1);
        }
    }

    /**
     * Waits until more may be loaded; {@link #charge} says then how much it was.
     *
     * @throws IOException when that did not come within a day
     */
    public void awaitLoad() throws IOException, InterruptedException {
        if (!awaitLoad(MOST_LOAD_WAIT)) {
            throw new IOException("the load's rate limit left no turn for a day; raise it");
        }
    }

    /** As {@link #awaitLoad()}; false when its turn did not come in time. */
    public boolean awaitLoad(Duration atMost) throws InterruptedException {
        try {
            return admit(FetchReason.LOAD, new Patience(clock), clock.nanos() + atMost.toNanos());
        } catch (Patience.AbandonedException interrupted) {
            boolean _ = Thread.interrupted();
            throw new InterruptedException("interrupted before a load's turn");
        }
    }

    /** Accounts for bytes that were read. */
    public void charge(long bytes) {
        if (!isUnlimited()) {
            synchronized (this) {
                balance -= bytes;
            }
        }
    }

    synchronized int waiting() {
        return waiting.values().stream().mapToInt(Integer::intValue).sum();
    }

    private synchronized void count(FetchReason reason, int change) {
        waiting.merge(reason, change, Integer::sum);
    }

    private synchronized long delay(FetchReason reason) {
        long now = clock.nanos();
        balance = Math.min(burstBytes, balance + (now - refilledAt) * bytesPerNano);
        refilledAt = now;
        if (balance <= 0) {
            return 1 + (long) (-balance / bytesPerNano);
        }
        boolean urgentWaits = waiting.entrySet().stream()
                .anyMatch(other -> other.getValue() > 0 && other.getKey().compareTo(reason) < 0);
        return urgentWaits ? RECHECK_NANOS : 0;
    }
}
