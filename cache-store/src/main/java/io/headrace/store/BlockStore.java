package io.headrace.store;

import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.RangeSource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The blocks that this node keeps. Thread-safe. One process owns a store's directories; a second one is refused when it
 * opens them. After a crash at any point it opens again, and blocks of unsure state are verified before they are first
 * served.
 */
public interface BlockStore extends AutoCloseable {
    /**
     * Opens a version for reading; open files of equal versions share their blocks, flights and map. The caller closes
     * it. The source is used by the
     * flights of all of them: until the last one is closed and the last flight has ended, which may be after {@link #close}
     * of the file but not of the store. The source of the latest opening serves all new flights, so sources of equal
     * versions must be interchangeable. The store never closes a source.
     */
    CachedFile open(FileVersion version, RangeSource source) throws IOException;

    /** What is kept of a version; empty when nothing is. Answered from memory or the block map, never from a source. */
    Optional<Residency> residency(FileVersion version);

    /**
     * Drops what is kept of a version in every tier, but for blocks that are pinned by readers or handed out, which go when
     * those do. What is on its way, from a source or from memory to the disk, serves those who wait for it and is not kept;
     * read-ahead that was asked for ends. Waits half a second at most, for the disk to take one block.
     *
     * @return bytes freed now
     */
    long evict(FileVersion version) throws IOException;

    /** Keeps a version's blocks, present and future, from eviction. Survives restarts. */
    void pin(FileVersion version) throws IOException;

    void unpin(FileVersion version) throws IOException;

    /** The versions that are kept from eviction, whether something of them is here or not. */
    Set<FileVersion> pinned();

    /**
     * Limits what a data set, the mounts together, keeps in each tier, in place of earlier limits of these mounts. What
     * exceeds the quota is evicted now, the rest stays within it by evicting from this data set only. Pinned and handed-out
     * files count, and stay. Not remembered over a restart: whoever gave the quota gives it again.
     */
    void limit(Set<MountId> dataSet, Quota quota) throws IOException;

    /** What the mounts keep together, by tier. */
    Map<Tier, DataSetUsage> usage(Set<MountId> dataSet);

    /** Reads every kept block of a version and compares it with its CRC32C; damaged blocks are dropped and counted. */
    CheckResult check(FileVersion version) throws IOException;

    /** Every version of which something is kept. */
    List<FileVersion> versions() throws IOException;

    StoreUsage usage();

    /** Ends flights, stores the block map and gives the directories back. Open files fail afterwards. */
    @Override
    void close() throws IOException;
}
