package io.headrace.store.packed;

import io.headrace.protocol.ByteRange;

/** How many files lie in each page of a slab. Guarded by its slab. */
final class SlabPages {
    static final int PAGE_BYTES = 4096;

    /** 64 of the smallest files fill a page. */
    private final byte[] filesInPage;

    private int files;

    SlabPages(int slabBytes) {
        this.filesInPage = new byte[(slabBytes + PAGE_BYTES - 1) / PAGE_BYTES];
    }

    int files() {
        return files;
    }

    void occupy(ByteRange extent) {
        files++;
        for (int page = first(extent); page <= last(extent); page++) {
            filesInPage[page]++;
        }
    }

    /**
     * A file goes.
     *
     * @param closedBytes where pages end that nothing will be added to
     * @return the pages before {@code closedBytes} in which no file lies any more; may be empty
     */
    ByteRange vacate(ByteRange extent, long closedBytes) {
        files--;
        int from = first(extent);
        int to = last(extent) + 1;
        for (int page = from; page < to; page++) {
            filesInPage[page]--;
        }
        if (filesInPage[from] > 0) {
            from++;
        }
        if (to > from && (filesInPage[to - 1] > 0 || (long) to * PAGE_BYTES > closedBytes)) {
            to--;
        }
        return pages(from, to);
    }

    /** The first run of pages at or after the offset in which no file lies; empty at the end when there is none. */
    ByteRange unoccupiedFrom(long offset) {
        int from = (int) (offset / PAGE_BYTES);
        while (from < filesInPage.length && filesInPage[from] > 0) {
            from++;
        }
        int to = from;
        while (to < filesInPage.length && filesInPage[to] == 0) {
            to++;
        }
        return pages(from, to);
    }

    private static ByteRange pages(int from, int to) {
        return new ByteRange((long) from * PAGE_BYTES, (long) Math.max(0, to - from) * PAGE_BYTES);
    }

    private static int first(ByteRange extent) {
        return (int) (extent.offset() / PAGE_BYTES);
    }

    private static int last(ByteRange extent) {
        return (int) ((extent.end() - 1) / PAGE_BYTES);
    }
}
