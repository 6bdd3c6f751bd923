package io.headrace.store.map;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.VersionCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which blocks a tier keeps, and their CRC32C. Thread-safe. A block counts once {@link #blockStored} returned, which is
 * called after its bytes were written; it stops counting before they are taken away.
 *
 * <p>Keys, big endian: {@code F number → version}, {@code B number block → CRC32C}, {@code L number → }, {@code P version → }.
 */
public final class BlockMap {
    private static final byte FILE = 'F';
    private static final byte BLOCK = 'B';
    private static final byte LENT = 'L';
    private static final byte PIN = 'P';
    /** Of a file whose blocks have numbers. */
    private static final long MOST_BYTES = (long) Integer.MAX_VALUE * Blocks.BLOCK_BYTES;

    private static final int FILE_KEY_BYTES = 9;
    private static final int BLOCK_KEY_BYTES = 13;

    private final OrderedTable table;

    public BlockMap(OrderedTable table) {
        this.table = table;
    }

    /**
     * A file of the tier with the blocks that are kept of it.
     *
     * @param lent its descriptor was handed out, and may be held by a kernel or process that outlived this one
     */
    public record MappedFile(long number, FileVersion version, boolean lent, List<MappedBlock> blocks) {
        public MappedFile {
            blocks = List.copyOf(blocks);
        }
    }

    public record MappedBlock(int index, int crc) {}

    /**
     * All files, by number. What is no file, and blocks outside their file, are left out: the map may be damaged, bytes are never
     * made up.
     */
    public List<MappedFile> files() throws IOException {
        List<MappedFile> files = new ArrayList<>();
        table.scan(new byte[] {FILE}, (key, value) -> {
            Optional<FileVersion> version =
                    key.length == FILE_KEY_BYTES ? version(ByteBuffer.wrap(value)) : Optional.empty();
            if (version.filter(it -> it.lengthBytes() <= MOST_BYTES).isPresent()) {
                long number = ByteBuffer.wrap(key, 1, 8).getLong();
                boolean lent = table.get(key(LENT, number).array()).isPresent();
                int count = Blocks.count(version.get().lengthBytes());
                files.add(new MappedFile(number, version.get(), lent, blocks(number, count)));
            }
        });
        return files;
    }

    private static Optional<FileVersion> version(ByteBuffer bytes) {
        try {
            return Optional.of(VersionCodec.decode(bytes));
        } catch (IOException damaged) {
            return Optional.empty();
        }
    }

    public void fileCreated(long number, FileVersion version) throws IOException {
        table.put(key(FILE, number).array(), VersionCodec.encode(version));
    }

    /** The file's descriptor is about to be handed out. */
    public void fileLent(long number) throws IOException {
        table.put(key(LENT, number).array(), new byte[0]);
    }

    /** Forgets the file and all its blocks. */
    public void fileDropped(long number) throws IOException {
        table.delete(key(FILE, number).array());
        table.delete(key(LENT, number).array());
        table.deletePrefix(key(BLOCK, number).array());
    }

    public void blockStored(long number, int index, int crc) throws IOException {
        table.put(blockKey(number, index), ByteBuffer.allocate(4).putInt(crc).array());
    }

    public void blockDropped(long number, int index) throws IOException {
        table.delete(blockKey(number, index));
    }

    public Set<FileVersion> pins() throws IOException {
        Set<FileVersion> pins = new HashSet<>();
        table.scan(
                new byte[] {PIN},
                (key, value) -> version(ByteBuffer.wrap(key, 1, key.length - 1)).ifPresent(pins::add));
        return pins;
    }

    public void pinned(FileVersion version) throws IOException {
        table.put(pinKey(version), new byte[0]);
    }

    public void unpinned(FileVersion version) throws IOException {
        table.delete(pinKey(version));
    }

    private List<MappedBlock> blocks(long number, int count) throws IOException {
        List<MappedBlock> blocks = new ArrayList<>();
        table.scan(key(BLOCK, number).array(), (key, value) -> {
            int index =
                    key.length == BLOCK_KEY_BYTES ? ByteBuffer.wrap(key, 9, 4).getInt() : -1;
            if (index >= 0 && index < count && value.length == 4) {
                blocks.add(new MappedBlock(index, ByteBuffer.wrap(value).getInt()));
            }
        });
        return blocks;
    }

    private static ByteBuffer key(byte kind, long number) {
        return ByteBuffer.allocate(FILE_KEY_BYTES).put(kind).putLong(number);
    }

    private static byte[] blockKey(long number, int index) {
        return ByteBuffer.allocate(BLOCK_KEY_BYTES)
                .put(BLOCK)
                .putLong(number)
                .putInt(index)
                .array();
    }

    private static byte[] pinKey(FileVersion version) {
        byte[] encoded = VersionCodec.encode(version);
        return ByteBuffer.allocate(1 + encoded.length).put(PIN).put(encoded).array();
    }
}
