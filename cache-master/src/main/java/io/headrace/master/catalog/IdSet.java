package io.headrace.master.catalog;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** A set of ids that were mostly given out one after another: about a bit for each. Not thread-safe. */
final class IdSet {
    private static final int PAGE_BITS = 15;
    private static final int PAGE_MASK = (1 << PAGE_BITS) - 1;

    private final Map<Long, BitSet> pages = new HashMap<>();
    private BitSet lastPage = new BitSet();
    private long lastNumber = -1;

    void add(long id) {
        long number = id >>> PAGE_BITS;
        if (number != lastNumber) {
            lastPage = pages.computeIfAbsent(number, absent -> new BitSet());
            lastNumber = number;
        }
        lastPage.set((int) id & PAGE_MASK);
    }

    boolean contains(long id) {
        BitSet page = pages.get(id >>> PAGE_BITS);
        return page != null && page.get((int) id & PAGE_MASK);
    }
}
