package io.headrace.store.packed;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FileVersion;
import io.headrace.store.eviction.TierSpace;
import io.headrace.store.map.OrderedTable;
import io.headrace.store.tier.TierFile;
import io.headrace.store.tier.TierFiles;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Small files in slabs. Thread-safe. A file is appended where there is room and never moves; a slab goes whole, the
 * least used first, and an eviction of one file punches its pages. What counts as used is what was appended.
 *
 * <p>A file counts once its place is in the index, which is stored after its bytes were written. Its slab is found in
 * {@code slabs} and pinned before its bytes are touched, and a slab leaves {@code slabs} after the last pin.
 */
public final class PackedFiles implements AutoCloseable {
    private static final int PAGE = 4096;
    private static final int SMALLEST_ALIGNMENT = 64;
    private static final int MOST_SLAB_BYTES = 64 << 20;
    private static final int LEAST_SLAB_BYTES = 4 << 20;
    private static final int SLABS_IN_A_TIER = 16;

    private final TierFiles files;
    private final PackedIndex index;
    private final TierSpace space;
    private final FaultPoints faults;
    private final Set<FileVersion> pinned;
    private final int slabBytes;
    private final ConcurrentHashMap<Long, Slab> slabs = new ConcurrentHashMap<>();

    private final Object appending = new Object();

    @GuardedBy("appending")
    private @Nullable Slab open;

    @GuardedBy("appending")
    private int position;

    @GuardedBy("appending")
    private long nextNumber = 1;

    /** @param pinned versions that no eviction may take; read only, thread-safe */
    public PackedFiles(
            TierFiles files, OrderedTable table, TierSpace space, FaultPoints faults, Set<FileVersion> pinned) {
        this.files = files;
        this.index = new PackedIndex(table);
        this.space = space;
        this.faults = faults;
        this.pinned = pinned;
        long share = space.capacityBytes() / SLABS_IN_A_TIER;
        this.slabBytes = Math.clamp(share / PAGE * PAGE, LEAST_SLAB_BYTES, MOST_SLAB_BYTES);
    }

    /** A small file's bytes, pinned until {@link #release}. */
    public static final class Pinned {
        private final Slab slab;
        private final MemorySegment bytes;

        Pinned(Slab slab, MemorySegment bytes) {
            this.slab = slab;
            this.bytes = bytes;
        }

        public MemorySegment bytes() {
            return bytes;
        }

        public void release() {
            slab.unpin();
        }
    }

    /** Brings back what was kept before the restart. */
    public void restore() throws IOException {
        synchronized (appending) {
            for (Map.Entry<Long, Long> known : index.slabs().entrySet()) {
                long number = known.getKey();
                nextNumber = Math.max(nextNumber, number + 1);
                long end = known.getValue() == PackedIndex.OPEN ? endOf(number) : known.getValue();
                long length = files.length(number);
                if (end == 0 || end > length) {
                    index.slabDropped(number);
                    files.existing(number, slabBytes).unlink();
                } else {
                    index.slab(number, end);
                    Slab slab = new Slab(this, number, files.existing(number, length), length, true);
                    slabs.put(number, slab);
                    count(slab, end);
                    space.policy().admit(slab);
                }
            }
        }
        files.deleteUnless(slabs::containsKey);
    }

    public Optional<PackedPlace> find(FileVersion version) throws IOException {
        return index.find(version);
    }

    public void forEach(BiConsumer<FileVersion, PackedPlace> visitor) throws IOException {
        index.forEach(visitor);
    }

    /** Pins a file; empty when its slab is gone. Does not verify. */
    public Optional<Pinned> pin(PackedPlace place) throws IOException {
        Slab slab = slabs.get(place.slab());
        if (slab == null || !slab.tryPin()) {
            return Optional.empty();
        }
        slab.touch();
        try {
            return Optional.of(new Pinned(slab, slab.file().bytes().asSlice(place.offset(), place.length())));
        } catch (IOException | IndexOutOfBoundsException e) {
            slab.unpin();
            throw new IOException(
                    "the slab of a small file cannot be read: " + slab.file().path(), e);
        }
    }

    /** Whether the file's slab is still here. */
    public boolean holds(PackedPlace place) {
        return slabs.containsKey(place.slab());
    }

    /** Whether the file was kept before the restart and not verified since. */
    public boolean isUnsure(PackedPlace place) {
        Slab slab = slabs.get(place.slab());
        return slab != null && slab.isUnsure(place);
    }

    /** Compares a pinned file with its CRC32C. */
    public boolean verify(PackedPlace place, Pinned file) {
        CRC32C crc = new CRC32C();
        crc.update(file.bytes().asByteBuffer());
        boolean sound = (int) crc.getValue() == place.crc();
        if (sound) {
            file.slab.confirm(place);
        }
        return sound;
    }

    /** Appends a file; empty when there is no room. */
    public Optional<PackedPlace> append(FileVersion version, MemorySegment bytes, int crc) throws IOException {
        int length = Math.toIntExact(bytes.byteSize());
        int taken = aligned(length);
        if (!space.reserve(taken)) {
            return Optional.empty();
        }
        Slab slab = null;
        boolean stored = false;
        try {
            PackedPlace place;
            synchronized (appending) {
                slab = slabWithRoom(taken);
                place = new PackedPlace(slab.number(), position, length, crc);
                position += taken;
            }
            slab.file().write(bytes, place.offset());
            faults.reach("store.packed.appended");
            index.stored(version, place);
            stored = true;
            slab.accountedBytes().addAndGet(taken);
            faults.reach("store.packed.committed");
            return Optional.of(place);
        } finally {
            if (slab != null) {
                slab.unpin();
            }
            if (!stored) {
                space.release(taken);
            }
        }
    }

    /**
     * Drops one file.
     *
     * @param nobodyReads the caller sees to it that no reader pins it, now or until this returns
     * @return bytes freed now; the rest goes with the slab
     */
    public long drop(FileVersion version, PackedPlace place, boolean nobodyReads) throws IOException {
        index.dropped(version, place);
        Slab slab = slabs.get(place.slab());
        if (slab == null || !nobodyReads || !slab.tryPin()) {
            return 0;
        }
        try {
            int taken = aligned(place.length());
            if (taken >= PAGE) {
                slab.file().punch(place.offset(), taken);
            }
            faults.reach("store.packed.punched");
            slab.accountedBytes().addAndGet(-taken);
            space.release(taken);
            return place.length();
        } finally {
            slab.unpin();
        }
    }

    public int pins() {
        return slabs.values().stream().mapToInt(Slab::pins).sum();
    }

    /** Unmaps; nobody may pin any more. */
    @Override
    public void close() throws IOException {
        synchronized (appending) {
            Slab last = open;
            if (last != null) {
                index.slab(last.number(), position);
            }
        }
        for (Slab slab : slabs.values()) {
            slab.file().close();
        }
    }

    boolean holdsPinned(Slab slab) throws IOException {
        return !pinned.isEmpty()
                && index.content(slab.number()).values().stream().anyMatch(pinned::contains);
    }

    /** The slab is claimed: nobody pins it, nobody will. */
    void dropSlab(Slab slab) throws IOException {
        index.slabDropped(slab.number());
        faults.reach("store.slab.unmapped");
        slabs.remove(slab.number());
        slab.file().close();
        slab.file().unlink();
        faults.reach("store.slab.unlinked");
        space.release(slab.accountedBytes().getAndSet(0));
    }

    /** Pins the slab for the caller. The one that was full becomes evictable. */
    @GuardedBy("appending")
    private Slab slabWithRoom(int bytes) throws IOException {
        Slab current = open;
        if (current != null && position + bytes <= slabBytes) {
            pinOpen(current);
            return current;
        }
        long number = nextNumber++;
        index.slab(number, PackedIndex.OPEN);
        TierFile file = files.create(number, slabBytes);
        Slab fresh = new Slab(this, number, file, slabBytes, false);
        slabs.put(number, fresh);
        pinOpen(fresh);
        if (current != null) {
            index.slab(current.number(), position);
            current.file().finishWriting();
            space.policy().admit(current);
        }
        open = fresh;
        position = 0;
        return fresh;
    }

    private static void pinOpen(Slab slab) {
        if (!slab.tryPin()) {
            throw new IllegalStateException("the slab that is appended to was evicted");
        }
    }

    private void count(Slab slab, long bytes) {
        slab.accountedBytes().set(bytes);
        space.restore(bytes);
    }

    private long endOf(long number) throws IOException {
        long end = 0;
        for (FileVersion version : index.content(number).values()) {
            Optional<PackedPlace> place = index.find(version);
            if (place.isPresent() && place.get().slab() == number) {
                end = Math.max(
                        end, place.get().offset() + (long) aligned(place.get().length()));
            }
        }
        return end;
    }

    private static int aligned(int length) {
        int to = length >= PAGE ? PAGE : SMALLEST_ALIGNMENT;
        return (length + to - 1) / to * to;
    }
}
