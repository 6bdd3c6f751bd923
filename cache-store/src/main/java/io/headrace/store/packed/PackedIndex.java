package io.headrace.store.packed;

import io.headrace.protocol.FileVersion;
import io.headrace.protocol.VersionCodec;
import io.headrace.store.map.Change;
import io.headrace.store.map.OrderedTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Which small files are kept, and where. Thread-safe. Keys, big endian: {@code S version → place and last use},
 * {@code D slab offset → version}, {@code G slab → record}. A file has both its keys or none.
 *
 * <p>Rows may be damaged, and bytes are never made up: what is no row is passed over, and a file is found only when both its
 * rows say the same.
 */
final class PackedIndex {
    private static final byte SMALL = 'S';
    private static final byte CONTENT = 'D';
    private static final byte SLAB = 'G';
    private static final int SLAB_KEY_BYTES = 9;
    private static final int CONTENT_KEY_BYTES = 13;

    private final OrderedTable table;

    PackedIndex(OrderedTable table) {
        this.table = table;
    }

    Optional<PackedCopy> find(FileVersion version) throws IOException {
        Optional<PackedCopy> copy = told(version);
        return copy.isPresent() && lies(version, copy.get().place()) ? copy : Optional.empty();
    }

    private Optional<PackedCopy> told(FileVersion version) throws IOException {
        return table.get(smallKey(version)).flatMap(PackedCopy::decode);
    }

    private boolean lies(FileVersion version, PackedPlace place) throws IOException {
        Optional<byte[]> there = table.get(contentKey(place.slab(), place.offset()));
        return place.length() == version.lengthBytes()
                && there.filter(bytes -> Arrays.equals(bytes, VersionCodec.encode(version)))
                        .isPresent();
    }

    synchronized void stored(FileVersion version, PackedCopy copy) throws IOException {
        PackedPlace place = copy.place();
        table.apply(List.of(
                Change.put(contentKey(place.slab(), place.offset()), VersionCodec.encode(version)),
                Change.put(smallKey(version), copy.encode())));
    }

    /** The copy was used; it must be stored. */
    void used(FileVersion version, PackedCopy copy) throws IOException {
        table.put(smallKey(version), copy.encode());
    }

    void dropped(FileVersion version, PackedPlace place) throws IOException {
        table.apply(List.of(Change.delete(smallKey(version)), Change.delete(contentKey(place.slab(), place.offset()))));
    }

    void slab(SlabRecord slab) throws IOException {
        table.put(slabKey(slab.number()), slab.encode());
    }

    /**
     * Claims a slab and marks it, so that after a crash {@link #slabDropped} is done again. No file of it is stored elsewhere
     * before it is marked.
     */
    synchronized boolean claim(Slab slab) throws IOException {
        if (!slab.tryClaim()) {
            return false;
        }
        slab(SlabRecord.going(slab.number(), slab.mount()));
        return true;
    }

    /** Forgets a claimed slab and what still lies in it, told of each file. */
    void slabDropped(long number, Runnable forgotten) throws IOException {
        content(number, (offset, version) -> {
            forget(version, number);
            forgotten.run();
        });
        table.deletePrefix(slabPrefix(CONTENT, number));
        table.delete(slabKey(number));
    }

    /** Visits a snapshot of what lies in a slab, by offset. */
    void content(long number, ContentVisitor visitor) throws IOException {
        table.scan(slabPrefix(CONTENT, number), (key, value) -> {
            Optional<FileVersion> version =
                    key.length == CONTENT_KEY_BYTES ? version(ByteBuffer.wrap(value)) : Optional.empty();
            if (version.isPresent()) {
                visitor.visit(ByteBuffer.wrap(key, 9, 4).getInt(), version.get());
            }
        });
    }

    private static Optional<FileVersion> version(ByteBuffer bytes) {
        try {
            return Optional.of(VersionCodec.decode(bytes));
        } catch (IOException damaged) {
            return Optional.empty();
        }
    }

    @FunctionalInterface
    interface ContentVisitor {
        void visit(int offset, FileVersion version) throws IOException;
    }

    List<SlabRecord> slabs() throws IOException {
        List<SlabRecord> slabs = new ArrayList<>();
        table.scan(new byte[] {SLAB}, (key, value) -> {
            if (key.length == SLAB_KEY_BYTES) {
                slabs.add(SlabRecord.decode(ByteBuffer.wrap(key, 1, 8).getLong(), value));
            }
        });
        return slabs;
    }

    void forEach(BiConsumer<FileVersion, PackedCopy> visitor) throws IOException {
        table.scan(new byte[] {SMALL}, (key, value) -> {
            Optional<FileVersion> version = version(ByteBuffer.wrap(key, 1, key.length - 1));
            Optional<PackedCopy> copy = PackedCopy.decode(value);
            if (version.isPresent() && copy.isPresent()) {
                visitor.accept(version.get(), copy.get());
            }
        });
    }

    /** With no store in between: a file that a flight has brought to another slab meanwhile stays. */
    private synchronized void forget(FileVersion version, long slab) throws IOException {
        Optional<PackedCopy> copy = told(version);
        if (copy.isPresent() && copy.get().place().slab() == slab) {
            table.delete(smallKey(version));
        }
    }

    private static byte[] smallKey(FileVersion version) {
        byte[] encoded = VersionCodec.encode(version);
        return ByteBuffer.allocate(1 + encoded.length).put(SMALL).put(encoded).array();
    }

    private static byte[] contentKey(long slab, int offset) {
        return ByteBuffer.allocate(CONTENT_KEY_BYTES)
                .put(CONTENT)
                .putLong(slab)
                .putInt(offset)
                .array();
    }

    private static byte[] slabKey(long slab) {
        return slabPrefix(SLAB, slab);
    }

    private static byte[] slabPrefix(byte kind, long slab) {
        return ByteBuffer.allocate(SLAB_KEY_BYTES).put(kind).putLong(slab).array();
    }
}
