package io.headrace.client.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.function.LongSupplier;

/** Leave for what adds load: a share of what is done anyway, a few a second, and some at once. Thread-safe. */
final class ShareBudget {
    private final Terms terms;
    private final LongSupplier nanos;

    @GuardedBy("this")
    private double left;

    @GuardedBy("this")
    private long filledAt;

    /**
     * How much.
     *
     * @param share of one for each thing that is done anyway
     * @param atOnce how many may be saved up; so many there are at first
     */
    record Terms(double share, double perSecond, int atOnce) {}

    ShareBudget(Terms terms, LongSupplier nanos) {
        this.terms = terms;
        this.nanos = nanos;
        this.left = terms.atOnce();
        this.filledAt = nanos.getAsLong();
    }

    synchronized void earn() {
        left = Math.min(terms.atOnce(), left + terms.share());
    }

    synchronized boolean spend() {
        long now = nanos.getAsLong();
        left = Math.min(terms.atOnce(), left + (now - filledAt) * 1e-9 * terms.perSecond());
        filledAt = now;
        if (left < 1) {
            return false;
        }
        left -= 1;
        return true;
    }
}
