package io.headrace.worker.demand;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.cluster.PlacementKey;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How much of each block a worker gave readers lately, and how many owners that makes the block need. Thread-safe.
 *
 * <p>The bytes given count less as they age, by half in seven seconds (a mean age of {@value #WINDOW_SECONDS} s). When their
 * rate is above the settings', the block's spread rises by one: it has twice the owners, so this worker should have half of
 * the readers, and what was counted is halved with it, or it would rise again before they have gone. When the rate is below
 * a quarter of that, the spread falls by one, and what was counted is doubled. It does not rise twice within
 * {@value #STEP_MILLIS} ms: readers hear of it with their next read.
 *
 * <p>The {@value #MOST_BLOCKS} blocks given last are counted. One that is hot is given often, and stays among them.
 */
public final class BlockDemand {
    static final int MOST_BLOCKS = 1024;
    static final long WINDOW_SECONDS = 10;
    static final long STEP_MILLIS = 2500;

    private static final double WINDOW_NANOS = TimeUnit.SECONDS.toNanos(WINDOW_SECONDS);
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(STEP_MILLIS);
    private static final double COLD = 0.25;

    private final double hotBytes;
    private final int mostSpread;
    private final LongSupplier nanos;
    private final Counter hints;

    @GuardedBy("this")
    private final Map<Block, Given> blocks = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Block, Given> eldest) {
            return size() > MOST_BLOCKS;
        }
    };

    private record Block(PlacementKey file, int index) {}

    /** Of one block. */
    private static final class Given {
        private double bytes;
        private long at;
        private int spread;
        private long roseAt;

        Given(long now) {
            at = now;
            roseAt = now - STEP_NANOS;
        }
    }

    /** @param nanos a clock that nobody sets */
    public BlockDemand(HotBlockSettings settings, MeterRegistry meters, LongSupplier nanos) {
        this.hotBytes = settings.rate().bytes() * (double) WINDOW_SECONDS;
        this.mostSpread = settings.mostSpread();
        this.nanos = nanos;
        this.hints = meters.counter("headrace.serve.hot.hints");
        Gauge.builder("headrace.serve.hot.blocks", this, BlockDemand::hotBlocks).register(meters);
    }

    /**
     * Counts bytes of a block that a reader is given.
     *
     * @return the block has 2 to the power of this owners for now; 0 for no more than usual
     */
    public synchronized int given(PlacementKey file, int block, int bytes) {
        long now = nanos.getAsLong();
        Given given = blocks.computeIfAbsent(new Block(file, block), fresh -> new Given(now));
        fade(given, now);
        given.bytes += bytes;
        if (given.bytes > hotBytes && given.spread < mostSpread && now - given.roseAt >= STEP_NANOS) {
            given.spread++;
            given.bytes /= 2;
            given.roseAt = now;
        }
        return given.spread;
    }

    /** Counts an answer that tells a reader so. */
    public void told() {
        hints.increment();
    }

    private synchronized double hotBlocks() {
        long now = nanos.getAsLong();
        blocks.values().forEach(given -> fade(given, now));
        return blocks.values().stream().filter(given -> given.spread > 0).count();
    }

    private void fade(Given given, long now) {
        given.bytes *= Math.exp(-(now - given.at) / WINDOW_NANOS);
        given.at = now;
        while (given.spread > 0 && given.bytes < COLD * hotBytes) {
            given.spread--;
            given.bytes *= 2;
        }
    }
}
