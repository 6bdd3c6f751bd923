package io.headrace.store.tier;

import io.headrace.protocol.ByteRange;
import io.headrace.store.BackingFile;
import io.headrace.store.Tier;
import io.headrace.store.map.BlockSums;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sparse file of a tier: every block at its natural offset. Its length is set once, before it is mapped, and never
 * changes, so that a mapping never meets the end of the file. Mapped from first use until {@link #close}; a descriptor
 * for writing is kept from the first write until {@link #finishWriting}. Thread-safe. The caller sees to it that nobody
 * uses a mapping when it closes the file.
 */
public final class TierFile {
    private static final Logger log = LoggerFactory.getLogger(TierFile.class);
    private static final int PAGE_BYTES = 4096;

    private final Path path;
    private final long lengthBytes;
    private final Tier tier;

    // Guarded by this.
    private @Nullable Arena mapped;
    private volatile @Nullable MemorySegment mapping;
    private int writer = -1;
    private int writing;
    private boolean finishing;

    TierFile(Path path, long lengthBytes, Tier tier) {
        this.path = path;
        this.lengthBytes = lengthBytes;
        this.tier = tier;
    }

    public Path path() {
        return path;
    }

    /** The file's bytes, absent blocks as zeros; valid until {@link #close}. */
    public MemorySegment bytes() throws IOException {
        MemorySegment known = mapping;
        return known != null ? known : map();
    }

    public boolean isMapped() {
        return mapping != null;
    }

    /**
     * Writes a block, in one aligned call so that the page cache holds it in huge folios.
     *
     * @throws ErrnoException among others when the disk is full
     */
    public void write(MemorySegment block, long offset) throws IOException {
        int descriptor = startWriting();
        try {
            Linux.writeFully(descriptor, path, block, offset);
        } finally {
            endWriting();
        }
    }

    /** Whether somebody else took some of its length, or its name; false where that cannot be told. */
    public boolean isCutShort() {
        try {
            return Files.size(path) < lengthBytes;
        } catch (NoSuchFileException removed) {
            return true;
        } catch (IOException e) {
            log.warn("cannot tell the length of {}", path, e);
            return false;
        }
    }

    /**
     * The CRC32C of a range and of its parts, read by system calls and not through the mapping: where the file was cut short
     * or its disk fails, a mapping is a SIGBUS, in the midst of a checksum the end of the process.
     *
     * @return empty when the file ends before the range does, or the disk fails
     * @throws IOException when the file cannot be opened
     */
    public Optional<BlockSums> sums(ByteRange range) throws IOException {
        int[] sums = new int[BlockSums.parts(range.length())];
        ByteBuffer part = ByteBuffer.allocate((int) Math.min(range.length(), BlockSums.PART_BYTES));
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            CRC32C crc = new CRC32C();
            long at = range.offset();
            for (int i = 0; i < sums.length; i++) {
                part.clear().limit((int) Math.min(part.capacity(), range.end() - at));
                if (!fill(part, channel, at)) {
                    return Optional.empty();
                }
                crc.update(part.flip());
                sums[i] = (int) crc.getValue();
                at += part.limit();
            }
        }
        return Optional.of(new BlockSums(range.length(), sums));
    }

    /** False at the end of the file, and where the disk fails. */
    private boolean fill(ByteBuffer part, FileChannel channel, long offset) {
        while (part.hasRemaining()) {
            if (read(channel, part, offset + part.position()) < 0) {
                return false;
            }
        }
        return true;
    }

    /** -1 at the end of the file, and where the disk fails. */
    private int read(FileChannel channel, ByteBuffer piece, long at) {
        try {
            return channel.read(piece, at);
        } catch (IOException e) {
            log.warn("cannot read {}", path, e);
            return -1;
        }
    }

    /**
     * Writes a block past the page cache, where the file system and the block's alignment allow; else as {@link #write}.
     */
    public void writeUncached(MemorySegment block, long offset) throws IOException {
        if (!isPageAligned(block, offset) || !wroteUncached(block, offset)) {
            write(block, offset);
        }
    }

    /** False where the file system does not do so at all, or asks for more than pages. */
    private boolean wroteUncached(MemorySegment block, long offset) throws ErrnoException {
        try {
            int descriptor = Linux.open(path, Linux.O_RDWR | Linux.O_DIRECT);
            try {
                Linux.writeFully(descriptor, path, block, offset);
            } finally {
                Linux.close(descriptor, path);
            }
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == ErrnoException.EINVAL) {
                return false;
            }
            throw e;
        }
    }

    private static boolean isPageAligned(MemorySegment block, long offset) {
        return (block.address() | block.byteSize() | offset) % PAGE_BYTES == 0;
    }

    /** Gives a range's space back; it reads as zeros from then on. */
    public void punch(long offset, long length) throws IOException {
        int descriptor = Linux.open(path, Linux.O_RDWR);
        try {
            Linux.punchHole(descriptor, path, offset, length);
        } finally {
            Linux.close(descriptor, path);
        }
    }

    /** The descriptor for writing goes when the last write in progress ends; a later write opens another. */
    public synchronized void finishWriting() throws IOException {
        finishing = true;
        closeIdleWriter();
    }

    /** A new descriptor for reading; {@code returned} runs after it is closed. */
    public BackingFile lend(Runnable returned) throws IOException {
        return new LentFile(Linux.open(path, Linux.O_RDONLY), path, tier, returned);
    }

    /** Removes the name; the space is given back when the last mapping and descriptor are gone. */
    public void unlink() throws IOException {
        Files.deleteIfExists(path);
    }

    /** Unmaps. The file may be used again, and is mapped again then. */
    public synchronized void close() throws IOException {
        finishing = true;
        closeIdleWriter();
        Arena arena = mapped;
        mapping = null;
        mapped = null;
        if (arena != null) {
            arena.close();
        }
    }

    @SuppressWarnings("MustBeClosedChecker") // This file owns the arena and closes it in close.
    private synchronized MemorySegment map() throws IOException {
        MemorySegment known = mapping;
        if (known != null) {
            return known;
        }
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            MemorySegment fresh = channel.map(FileChannel.MapMode.READ_ONLY, 0, lengthBytes, arena);
            mapped = arena;
            mapping = fresh;
            return fresh;
        } catch (IOException e) {
            arena.close();
            throw e;
        }
    }

    private synchronized int startWriting() throws ErrnoException {
        if (writer < 0) {
            writer = Linux.open(path, Linux.O_RDWR);
        }
        finishing = false;
        writing++;
        return writer;
    }

    private synchronized void endWriting() throws ErrnoException {
        writing--;
        if (finishing) {
            closeIdleWriter();
        }
    }

    private void closeIdleWriter() throws ErrnoException {
        if (writer >= 0 && writing == 0) {
            int descriptor = writer;
            writer = -1;
            Linux.close(descriptor, path);
        }
    }
}
