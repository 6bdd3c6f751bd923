package io.headrace.store.packed;

import io.headrace.protocol.FileVersion;
import io.headrace.protocol.VersionCodec;
import io.headrace.store.map.Change;
import io.headrace.store.map.OrderedTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Which small files are kept, and where. Thread-safe. Keys, big endian: {@code S version → place and last use},
 * {@code D slab offset → version}, {@code G slab → record}. A file has both its keys or none.
 */
final class PackedIndex {
    private static final byte SMALL = 'S';
    private static final byte CONTENT = 'D';
    private static final byte SLAB = 'G';

    private final OrderedTable table;

    PackedIndex(OrderedTable table) {
        this.table = table;
    }

    Optional<PackedCopy> find(FileVersion version) throws IOException {
        Optional<byte[]> copy = table.get(smallKey(version));
        return copy.isEmpty() ? Optional.empty() : Optional.of(PackedCopy.decode(copy.get()));
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
        table.scan(
                slabPrefix(CONTENT, number),
                (key, value) -> visitor.visit(
                        ByteBuffer.wrap(key, 9, 4).getInt(), VersionCodec.decode(ByteBuffer.wrap(value))));
    }

    @FunctionalInterface
    interface ContentVisitor {
        void visit(int offset, FileVersion version) throws IOException;
    }

    List<SlabRecord> slabs() throws IOException {
        List<SlabRecord> slabs = new ArrayList<>();
        table.scan(
                new byte[] {SLAB},
                (key, value) ->
                        slabs.add(SlabRecord.decode(ByteBuffer.wrap(key, 1, 8).getLong(), value)));
        return slabs;
    }

    void forEach(BiConsumer<FileVersion, PackedCopy> visitor) throws IOException {
        table.scan(
                new byte[] {SMALL},
                (key, value) -> visitor.accept(
                        VersionCodec.decode(ByteBuffer.wrap(key, 1, key.length - 1)), PackedCopy.decode(value)));
    }

    /** With no store in between: a file that a flight has brought to another slab meanwhile stays. */
    private synchronized void forget(FileVersion version, long slab) throws IOException {
        Optional<PackedCopy> copy = find(version);
        if (copy.isPresent() && copy.get().place().slab() == slab) {
            table.delete(smallKey(version));
        }
    }

    private static byte[] smallKey(FileVersion version) {
        byte[] encoded = VersionCodec.encode(version);
        return ByteBuffer.allocate(1 + encoded.length).put(SMALL).put(encoded).array();
    }

    private static byte[] contentKey(long slab, int offset) {
        return ByteBuffer.allocate(13).put(CONTENT).putLong(slab).putInt(offset).array();
    }

    private static byte[] slabKey(long slab) {
        return slabPrefix(SLAB, slab);
    }

    private static byte[] slabPrefix(byte kind, long slab) {
        return ByteBuffer.allocate(9).put(kind).putLong(slab).array();
    }
}
