package io.headrace.store;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import java.io.IOException;
import java.util.Optional;

/**
 * One version of one file, open for reading. Thread-safe; reads in any order and at any position do not wait for each
 * other.
 */
public interface CachedFile extends AutoCloseable {
    FileVersion version();

    /**
     * The bytes of the range when all are here now; empty when some must be fetched. Never blocks on a source, starts no
     * fetch.
     *
     * @param range clipped to the file by the caller; not empty
     */
    Optional<PinnedBytes> readNow(ByteRange range) throws IOException;

    /**
     * Gets the bytes of the range, fetching what is absent: each absent block by one flight, which other readers join.
     * The completion is called once, as soon as the range's own bytes have arrived (a block need not be whole), on the
     * calling thread or a fetch thread; it must not block for long. The wait is bounded by the source's deadlines.
     *
     * @param range clipped to the file by the caller; not empty
     */
    void read(ByteRange range, ReadCompletion completion);

    /**
     * As {@link #read}, for a reader who jumps about: of a block that is absent and on no flight, only the 64 KiB pieces
     * that the range lies in are fetched, past the tiers; they do not count as kept. A block is fetched whole when more
     * than an eighth of it would have come so.
     */
    void readExactly(ByteRange range, ReadCompletion completion);

    /**
     * Starts to fetch what is absent of the range, and returns at once. Less urgent than reads; dropped, not queued
     * without bound, when too much is in flight. Ends silently when the source fails.
     */
    void prefetch(ByteRange range, FetchReason reason);

    /**
     * Fetches what is absent of the range and waits until it is kept, verified, and on its way to the disk.
     *
     * @throws io.headrace.protocol.OriginException when the source failed for good
     * @throws InsufficientSpaceException when the tiers cannot take it beside what is pinned
     */
    void load(ByteRange range, FetchReason reason, FetchProgress progress) throws IOException, InterruptedException;

    /**
     * Compares what is kept of the range's blocks with their CRC32C, by system calls; drops and counts what does not match or
     * cannot be read, so that it is fetched again; all of a file that was cut short. For who met an
     * {@link UnreadableBytesException} and has closed the bytes. A block that others still pin is given to nobody
     * before it is checked again, after them.
     *
     * @return whether something was dropped
     */
    boolean recheck(ByteRange range) throws IOException;

    Residency residency();

    /** Whether every byte is here. May become false again by eviction, unless handed out. */
    boolean isComplete();

    /**
     * Calls {@code listener} once, when every byte is here, on any thread; at once when that is so now. At most one
     * listener an open file.
     */
    void whenComplete(Runnable listener);

    /**
     * Hands out the file that holds all bytes at their natural offsets, for the kernel or another process to read on its
     * own. From then on the file is evicted only by unlinking, never by punching holes, also after the loan was returned
     * and after a restart: a program's mapping of it (a passed-through mmap) outlives every descriptor, unseen. Empty when the
     * file is not complete, is packed with other small files, or its tier has no such file.
     */
    Optional<BackingFile> handOut() throws IOException;

    /**
     * Lends the file in which the block lies at its natural offset, for another process to read it and the others that are
     * there, on its own. While it is lent none of them goes but with the whole file, by unlinking. Verifies the block first
     * where it is unsure, which reads it. Empty when the block is not here, is damaged, or is packed with other small files.
     *
     * @param block index in the file
     */
    Optional<LeasedFile> lease(int block) throws IOException;

    @Override
    void close();
}
