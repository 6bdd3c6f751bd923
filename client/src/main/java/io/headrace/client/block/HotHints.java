package io.headrace.client.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.block.BlockProtocol;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The blocks that many read at present, as workers say, and how many owners each has for now. A worker is believed for
 * {@value BlockProtocol#HINT_SECONDS} s; one that says less than another has no say meanwhile, since each knows only its own
 * readers. The {@value #MOST} heard of last are kept. Thread-safe.
 */
final class HotHints {
    static final int MOST = 4096;
    static final int MOST_OWNERS = 16;

    private static final long LIFE_NANOS = TimeUnit.SECONDS.toNanos(BlockProtocol.HINT_SECONDS);

    private final LongSupplier nanos;

    /** In the order in which they are forgotten. */
    @GuardedBy("this")
    private final SequencedMap<Block, Hint> hints = new LinkedHashMap<>();

    /** Spares the lock while nothing is hot, which is nearly always. */
    private volatile boolean any;

    private record Block(FileVersion version, int index) {}

    private record Hint(int owners, long until) {}

    HotHints(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** A worker said that the block has so many owners for now. */
    synchronized void heard(FileVersion version, int block, int owners) {
        long now = nanos.getAsLong();
        forget(now);
        Block key = new Block(version, block);
        Hint known = hints.get(key);
        if (known == null || known.owners <= owners) {
            hints.remove(key);
            hints.put(key, new Hint(Math.min(MOST_OWNERS, owners), now + LIFE_NANOS));
            any = true;
        }
        if (hints.size() > MOST) {
            hints.pollFirstEntry();
        }
    }

    /** How many owners the block has for now; 1 when nobody says more. */
    int owners(FileVersion version, int block) {
        return any ? known(version, block) : 1;
    }

    private synchronized int known(FileVersion version, int block) {
        forget(nanos.getAsLong());
        Hint hint = hints.get(new Block(version, block));
        return hint == null ? 1 : hint.owners;
    }

    @GuardedBy("this")
    private void forget(long now) {
        Iterator<Hint> eldest = hints.values().iterator();
        while (eldest.hasNext() && eldest.next().until - now <= 0) {
            eldest.remove();
        }
        any = !hints.isEmpty();
    }
}
