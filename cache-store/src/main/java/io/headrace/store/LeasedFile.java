package io.headrace.store;

import java.io.IOException;
import java.util.BitSet;

/**
 * A file of a tier that is lent with the blocks that it has, for another process to read these on its own. They stay in it, at
 * their natural offsets, until {@link #close} or {@link #abandon}, also when the file is evicted: its space is given back
 * then only. Blocks that are absent read as anything; those that come later are in {@link #blocks} from then on. Thread-safe.
 */
public interface LeasedFile extends AutoCloseable {
    /** Open for reading, and the lender's; to keep it longer, duplicate it. */
    int descriptor();

    Tier tier();

    /** Those whose bytes are here and match their CRC32C. */
    BitSet blocks();

    /** Whether the block is among them, when it was verified where it is unsure, which reads it. */
    boolean has(int block) throws IOException;

    /** What the blocks that are here occupy. */
    long keptBytes();

    /** Whether the file is still what the tier has of the version; false when it was evicted. */
    boolean isCurrent();

    /** The holder has no descriptor or mapping of it any more: its blocks may be punched again. */
    @Override
    void close();

    /** As {@link #close}, for a holder that may read on: the file is evicted only by unlinking from now on. */
    void abandon();
}
