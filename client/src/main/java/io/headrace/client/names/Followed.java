package io.headrace.client.names;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * How well the master's changes are known. All of a generation were heard until {@link State#heardNanos}; a new one begins when
 * some were missed. Written by the thread that follows, read by all.
 */
final class Followed {
    private final LongSupplier nanos;
    private final long withoutMasterNanos;
    private volatile State state;

    Followed(LongSupplier nanos, Duration withoutMaster) {
        this.nanos = nanos;
        this.withoutMasterNanos = withoutMaster.toNanos();
        long now = nanos.getAsLong();
        this.state = new State(0, now, now, true, Instant.EPOCH);
    }

    /**
     * @param heardNanos when a change of this generation could have been heard for the last time
     * @param earlierHeardNanos the same of the generation before
     * @param reachable whether the master was there when it was last to be heard
     */
    private record State(
            long generation, long heardNanos, long earlierHeardNanos, boolean reachable, Instant rootModified) {}

    long nanos() {
        return nanos.getAsLong();
    }

    long generation() {
        return state.generation();
    }

    boolean isReachable() {
        return state.reachable();
    }

    Instant rootModified() {
        return state.rootModified();
    }

    void heard(Instant rootModified) {
        State before = state;
        state = new State(before.generation(), nanos(), before.earlierHeardNanos(), true, rootModified);
    }

    void lost() {
        State before = state;
        state = new State(
                before.generation(), before.heardNanos(), before.earlierHeardNanos(), false, before.rootModified());
    }

    void missed() {
        State before = state;
        state = new State(
                before.generation() + 1, nanos(), before.heardNanos(), before.reachable(), before.rootModified());
    }

    /** Whether it need not be asked for again. */
    boolean isValid(Belief belief) {
        return belief.generation() == state.generation() && nanos() - belief.askedNanos() < belief.validNanos();
    }

    /** Whether it may be answered when the master cannot: for a stated time after it was last known to be right. */
    boolean isUsable(Belief belief) {
        State now = state;
        long right = belief.askedNanos();
        if (belief.generation() == now.generation()) {
            right = now.heardNanos();
        } else if (belief.generation() == now.generation() - 1) {
            right = now.earlierHeardNanos();
        }
        return nanos() - right <= withoutMasterNanos;
    }
}
