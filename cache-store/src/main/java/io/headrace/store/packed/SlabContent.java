package io.headrace.store.packed;

import io.headrace.protocol.ByteRange;
import java.io.IOException;

/**
 * What lies in a slab by the index, which may be damaged.
 *
 * @param isWhole nothing lies outside of its file
 */
record SlabContent(SlabPages inside, boolean isWhole) {
    private static final int SMALLEST_ALIGNMENT = 64;

    static SlabContent of(Slab slab, PackedIndex index) throws IOException {
        SlabPages pages = new SlabPages(slab.slabBytes());
        boolean[] whole = {true};
        index.content(slab.number(), (offset, version) -> {
            long length = version.lengthBytes();
            boolean inside = offset >= 0
                    && offset % SMALLEST_ALIGNMENT == 0
                    && length > 0
                    && length <= slab.slabBytes()
                    && aligned((int) length) <= slab.slabBytes() - offset;
            if (inside) {
                pages.occupy(extent(offset, (int) length));
            }
            whole[0] &= inside;
        });
        return new SlabContent(pages, whole[0]);
    }

    /** What a file takes of its slab. */
    static ByteRange extent(long offset, int length) {
        return new ByteRange(offset, aligned(length));
    }

    static int aligned(int length) {
        int to = length >= SlabPages.PAGE_BYTES ? SlabPages.PAGE_BYTES : SMALLEST_ALIGNMENT;
        return (length + to - 1) / to * to;
    }
}
