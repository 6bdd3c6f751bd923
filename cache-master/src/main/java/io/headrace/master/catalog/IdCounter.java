package io.headrace.master.catalog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;

/**
 * Gives out ids, each once for ever: the upper end of a range is on disk before its first id is given out. A new catalog
 * starts at the present second times 2<sup>24</sup>, so that one that is built again repeats no id of the lost one
 * (which would have to have given out 16 million ids in each second of its life). Guarded by the catalog's write lock.
 */
final class IdCounter {
    private static final String FACT = "ids-reserved";
    private static final int RANGE = 1 << 16;
    private static final int SECOND_BITS = 24;
    /** 2020-01-01T00:00:00Z; ids stay below 2<sup>60</sup> for two thousand years. */
    private static final long EPOCH_SECOND = 1_577_836_800L;

    private final CatalogTables tables;
    private long last;
    private long reserved;

    private IdCounter(CatalogTables tables, long last) {
        this.tables = tables;
        this.last = last;
        this.reserved = last;
    }

    /** Goes on where a new catalog would begin: for one that lost what it gave out lately. */
    static void continueAt(CatalogTables tables, Clock clock) throws IOException {
        IdCounter found = open(tables, clock);
        long from = Math.max(found.last, fresh(clock));
        tables.putFactSynced(FACT, ByteBuffer.allocate(Long.BYTES).putLong(from).array());
    }

    static IdCounter open(CatalogTables tables, Clock clock) throws IOException {
        return new IdCounter(
                tables,
                tables.fact(FACT).map(bytes -> ByteBuffer.wrap(bytes).getLong()).orElse(fresh(clock)));
    }

    private static long fresh(Clock clock) {
        return Math.max(1, clock.instant().getEpochSecond() - EPOCH_SECOND) << SECOND_BITS;
    }

    long last() {
        return last;
    }

    long next() throws IOException {
        if (last == reserved) {
            long until = reserved + RANGE;
            tables.putFactSynced(
                    FACT, ByteBuffer.allocate(Long.BYTES).putLong(until).array());
            reserved = until;
        }
        return ++last;
    }
}
