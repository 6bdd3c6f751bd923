package io.headrace.master.catalog;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** A set of ids that were mostly given out one after another: about a bit for each. Not thread-safe. */
final class IdSet {
    private static final int PAGE_BITS = 15;
    private static final int PAGE_MASK = (1 << PAGE_BITS) - 1;

    private final Map<Long, BitSet> pages = new HashMap<>();

    void add(long id) {
        pages.computeIfAbsent(id >>> PAGE_BITS, absent -> new BitSet()).set((int) id & PAGE_MASK);
    }

    boolean contains(long id) {
        BitSet page = pages.get(id >>> PAGE_BITS);
        return page != null && page.get((int) id & PAGE_MASK);
    }
}
