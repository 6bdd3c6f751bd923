package io.headrace.store;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.store.map.BlockStates;
import io.headrace.store.map.BlockSums;
import io.headrace.store.tier.TierFile;
import java.io.IOException;
import java.util.Optional;

/** Compares the blocks of one copy with their CRC32C. Thread-safe; threads that need the same block wait for one check. */
final class BlockVerification {
    private static final int LOCKS = 16;

    private final TierCopy copy;
    private final SparseFile owner;
    private final TierFile file;
    private final BlockStates states;
    private final Object[] locks = new Object[LOCKS];

    /** @param copy has its file and its states already */
    BlockVerification(TierCopy copy, SparseFile owner) {
        this.copy = copy;
        this.owner = owner;
        this.file = copy.file();
        this.states = copy.states();
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new Object();
        }
    }

    /** An unsure block becomes present, or is dropped as damaged. */
    void verify(int block) throws IOException {
        synchronized (locks[block % LOCKS]) {
            if (!states.tryPinUnsure(block)) {
                return;
            }
            boolean sound = false;
            try {
                sound = matches(block);
                if (sound) {
                    states.confirm(block);
                }
            } finally {
                states.unpin(block);
            }
            if (!sound) {
                copy.dropDamaged(block);
            }
        }
        if (states.allPresent()) {
            owner.completed();
        }
    }

    /** Reads a block that is here; false when it was damaged and is dropped. */
    boolean check(int block) throws IOException {
        if (states.isUnsure(block)) {
            verify(block);
            return states.isKept(block);
        }
        if (!states.tryPin(block)) {
            return true;
        }
        boolean sound;
        try {
            sound = matches(block);
        } finally {
            states.unpin(block);
        }
        if (!sound) {
            copy.dropDamaged(block);
        }
        return sound;
    }

    /** As {@link #check}, of a block that a reader found unreadable: nobody pins it before it is verified. */
    boolean recheck(int block) throws IOException {
        states.doubt(block);
        return check(block);
    }

    /**
     * The sums of a block that the caller pins, reading it once for all; empty when it is damaged, and given to nobody any more
     * before it is verified.
     */
    Optional<BlockSums> sums(int block) throws IOException {
        Optional<BlockSums> known = states.sums(block);
        if (known.isPresent()) {
            return known;
        }
        synchronized (locks[block % LOCKS]) {
            if (states.sums(block).isEmpty() && !matches(block)) {
                states.doubt(block);
            }
            return states.sums(block);
        }
    }

    private boolean matches(int block) throws IOException {
        ByteRange range = Blocks.range(block, owner.version().lengthBytes());
        Optional<BlockSums> sums = file.sums(range).filter(found -> found.whole() == states.crc(block));
        sums.ifPresent(found -> states.summed(block, found));
        return sums.isPresent();
    }
}
