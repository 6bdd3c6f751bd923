package io.headrace.worker;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.FetchReason;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * How many requests run at one origin: a semaphore whose waiters are served by urgency, first come first served among
 * equals. The less urgent leave some slots free, so that a reader need not wait for bulk transfers to end: read-ahead an
 * eighth, load and repair a quarter.
 */
final class RequestSlots {
    private final int slots;

    @GuardedBy("this")
    private final Map<FetchReason, Deque<Ticket>> waiting = new EnumMap<>(FetchReason.class);

    @GuardedBy("this")
    private int running;

    RequestSlots(int slots) {
        if (slots < 1) {
            throw new IllegalArgumentException("origin.max-concurrent-requests must be at least 1, not " + slots);
        }
        this.slots = slots;
        for (FetchReason reason : FetchReason.values()) {
            waiting.put(reason, new ArrayDeque<>());
        }
    }

    /**
     * Takes a slot, waiting for it until the given time; {@link #release} gives it back.
     *
     * @param reason asked once, when the wait begins; {@link #urge} tells of what comes later
     */
    boolean acquire(Supplier<FetchReason> reason, Patience patience, long until) throws Patience.AbandonedException {
        Ticket ticket = enqueue(reason, patience);
        boolean kept = false;
        try {
            kept = patience.await(() -> ticket.granted ? 0 : Long.MAX_VALUE, until);
            return kept;
        } finally {
            if (!kept) {
                withdraw(ticket);
            }
        }
    }

    /** Whoever waits with this patience, if so, waits for a more urgent reason now, behind those who did before. */
    synchronized void urge(Patience patience, FetchReason reason) {
        Optional<Ticket> waits = waiting.values().stream()
                .flatMap(Deque::stream)
                .filter(ticket -> ticket.patience == patience)
                .findAny();
        if (waits.isPresent() && reason.compareTo(waits.get().reason) < 0) {
            queue(waits.get().reason).remove(waits.get());
            waits.get().reason = reason;
            queue(reason).add(waits.get());
            grant();
        }
    }

    synchronized void release() {
        running--;
        grant();
    }

    synchronized int running() {
        return running;
    }

    synchronized int waiting() {
        return waiting.values().stream().mapToInt(Deque::size).sum();
    }

    private synchronized Ticket enqueue(Supplier<FetchReason> reason, Patience patience) {
        Ticket ticket = new Ticket(patience, reason.get());
        queue(ticket.reason).add(ticket);
        grant();
        return ticket;
    }

    private synchronized void withdraw(Ticket ticket) {
        if (ticket.granted) {
            release();
        } else {
            queue(ticket.reason).remove(ticket);
        }
    }

    @GuardedBy("this")
    private void grant() {
        for (FetchReason reason : FetchReason.values()) {
            Deque<Ticket> queue = queue(reason);
            while (!queue.isEmpty() && running < limit(reason)) {
                running++;
                queue.remove().grant();
            }
        }
    }

    @GuardedBy("this")
    private Deque<Ticket> queue(FetchReason reason) {
        return waiting.computeIfAbsent(reason, absent -> new ArrayDeque<>());
    }

    private int limit(FetchReason reason) {
        return switch (reason) {
            case DEMAND -> slots;
            case READ_AHEAD -> Math.max(1, slots - Math.max(1, slots / 8));
            case LOAD, REPAIR -> Math.max(1, slots - Math.max(1, slots / 4));
        };
    }

    private static final class Ticket {
        private final Thread thread = Thread.currentThread();
        private final Patience patience;
        private FetchReason reason;
        private volatile boolean granted;

        Ticket(Patience patience, FetchReason reason) {
            this.patience = patience;
            this.reason = reason;
        }

        void grant() {
            granted = true;
            LockSupport.unpark(thread);
        }
    }
}
