package io.headrace.store;

import java.io.IOException;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicBoolean;

/** A loan of a copy with the blocks that it has. */
final class TierLease implements LeasedFile {
    private final TierCopy copy;
    private final BackingFile file;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** @param file of the copy, whose closing returns the loan */
    TierLease(TierCopy copy, BackingFile file) {
        this.copy = copy;
        this.file = file;
    }

    @Override
    public int descriptor() {
        return file.descriptor();
    }

    @Override
    public Tier tier() {
        return file.tier();
    }

    @Override
    public BitSet blocks() {
        BitSet blocks = new BitSet(copy.states().blocks());
        for (int block = 0; block < copy.states().blocks(); block++) {
            blocks.set(block, copy.states().isPresent(block));
        }
        return blocks;
    }

    @Override
    public boolean has(int block) throws IOException {
        copy.verification().verify(block);
        return copy.states().isPresent(block);
    }

    @Override
    public long keptBytes() {
        return copy.keptBytes();
    }

    @Override
    public boolean isCurrent() {
        return copy.isCurrent();
    }

    @Override
    public void abandon() {
        if (ended.compareAndSet(false, true)) {
            copy.neverPunch();
            file.close();
        }
    }

    @Override
    public void close() {
        if (ended.compareAndSet(false, true)) {
            file.close();
        }
    }
}
