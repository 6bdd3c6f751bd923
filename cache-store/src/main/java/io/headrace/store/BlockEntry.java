package io.headrace.store;

import io.headrace.protocol.FileVersion;
import io.headrace.store.eviction.CacheEntry;
import java.io.IOException;

/** One block of a copy as the eviction policy sees it. */
final class BlockEntry extends CacheEntry {
    private final TierCopy copy;
    private final int block;

    BlockEntry(TierCopy copy, int block) {
        super(
                copy.owner().version().mount(),
                copy.blockBytes(block),
                key(copy.owner().version(), block));
        this.copy = copy;
        this.block = block;
    }

    int block() {
        return block;
    }

    @Override
    protected boolean isGone() {
        return !copy.hasEntry(this);
    }

    @Override
    protected boolean tryEvict() throws IOException {
        if (mustStay() || !mayLeave(block)) {
            return false;
        }
        if (copy.isNeverPunched()) {
            return dropWhole();
        }
        boolean gone = copy.punch(block);
        if (gone && copy.states().keptBlocks() == 0) {
            copy.owner().dropIfEmpty(copy);
        }
        return gone;
    }

    /** The whole copy, unless one of its blocks must stay; readers keep what they have. */
    @Override
    protected boolean tryEvictObject() throws IOException {
        if (mustStay() || !mayAllLeave()) {
            return false;
        }
        if (!copy.mustGoWhole()) {
            copy.punchUnpinned();
        }
        copy.owner().drop(copy);
        return true;
    }

    private boolean mustStay() {
        return copy.owner().isPinned() || copy.isLent();
    }

    private boolean dropWhole() throws IOException {
        if (!mayAllLeave()) {
            return false;
        }
        copy.owner().drop(copy);
        return true;
    }

    private boolean mayAllLeave() {
        for (int i = 0; i < copy.states().blocks(); i++) {
            if (copy.states().isKept(i) && !mayLeave(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean mayLeave(int each) {
        return copy.owner().mayLeave(copy.tier(), each);
    }

    private static long key(FileVersion version, int block) {
        return version.hashCode() * 0x9E3779B97F4A7C15L + block;
    }
}
