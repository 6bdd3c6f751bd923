package io.headrace.worker.drain;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How far a hand-over is: {@code headrace.drain.blocks} and {@code headrace.drain.bytes} by outcome,
 * {@code headrace.drain.left.bytes} now. Thread-safe.
 */
public final class HandOverTally {
    /** What became of a block. */
    public enum Outcome {
        /** Its new owners keep it. */
        HANDED_OVER,
        /** They have no room for it. */
        SKIPPED,
        /** None of them took it. */
        FAILED
    }

    private record Count(AtomicLong blocks, AtomicLong bytes) {}

    private final Map<Outcome, Count> counts = new EnumMap<>(Outcome.class);
    private final AtomicLong toDo = new AtomicLong();

    public HandOverTally(MeterRegistry registry) {
        for (Outcome outcome : Outcome.values()) {
            Count count = new Count(new AtomicLong(), new AtomicLong());
            counts.put(outcome, count);
            String tag = outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
            Gauge.builder("headrace.drain.blocks", count.blocks(), AtomicLong::get)
                    .tag("outcome", tag)
                    .register(registry);
            Gauge.builder("headrace.drain.bytes", count.bytes(), AtomicLong::get)
                    .tag("outcome", tag)
                    .register(registry);
        }
        Gauge.builder("headrace.drain.left.bytes", this, HandOverTally::leftBytes)
                .register(registry);
    }

    void begin(long bytes) {
        toDo.addAndGet(bytes);
    }

    void count(Outcome outcome, long bytes) {
        Count count = counts(outcome);
        count.blocks().incrementAndGet();
        count.bytes().addAndGet(bytes);
    }

    public long blocks(Outcome outcome) {
        return counts(outcome).blocks().get();
    }

    public long bytes(Outcome outcome) {
        return counts(outcome).bytes().get();
    }

    /** What is still to be looked at; nothing before the hand-over begins. */
    public long leftBytes() {
        long done =
                counts.values().stream().mapToLong(count -> count.bytes().get()).sum();
        return Math.max(0, toDo.get() - done);
    }

    private Count counts(Outcome outcome) {
        Count count = counts.get(outcome);
        if (count == null) {
            throw new IllegalStateException("no count of " + outcome);
        }
        return count;
    }

    /** As a log says it. */
    @Override
    public String toString() {
        return blocks(Outcome.HANDED_OVER) + " blocks (" + bytes(Outcome.HANDED_OVER) + " bytes) handed over, "
                + blocks(Outcome.SKIPPED) + " (" + bytes(Outcome.SKIPPED) + ") found no room, "
                + blocks(Outcome.FAILED) + " (" + bytes(Outcome.FAILED) + ") failed, "
                + leftBytes() + " bytes were left";
    }
}
