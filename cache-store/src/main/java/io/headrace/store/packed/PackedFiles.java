package io.headrace.store.packed;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.store.Quota;
import io.headrace.store.eviction.TierSpace;
import io.headrace.store.map.OrderedTable;
import io.headrace.store.tier.TierFiles;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Small files in slabs, each of one mount's. Thread-safe. A file is appended where there is room and never moves. What counts as used is what
 * was appended, less the pages in which no file lies any more: those are punched. A slab goes whole when nothing lies in
 * it, or for room, the least used first.
 *
 * <p>A file counts once its place is in the index, which is stored after its bytes were written. Its slab is found in
 * {@code slabs} and pinned before its bytes are touched, and a slab leaves {@code slabs} after the last pin. A file that
 * is dropped leaves the index first, then is given back by whoever ends its last use. What lies in a slab is counted from
 * the index before the first file of it is dropped, and after a crash, so the pages of a file that was dropped and not
 * given back are found when the store is opened again.
 */
public final class PackedFiles implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PackedFiles.class);
    private static final int PAGE = SlabPages.PAGE_BYTES;
    private static final int MOST_SLAB_BYTES = 64 << 20;
    private static final int LEAST_SLAB_BYTES = 4 << 20;
    private static final int LEAST_LIMITED_SLAB_BYTES = 1 << 20;

    /** So much of a tier, or of a quota, goes at once when a slab does. */
    private static final int SLABS_IN_A_TIER = 16;

    private final TierFiles files;
    private final PackedIndex index;
    private final TierSpace space;
    private final FaultPoints faults;
    private final Set<FileVersion> pinned;
    private final ConcurrentHashMap<Long, Slab> slabs = new ConcurrentHashMap<>();

    private final Object appending = new Object();

    @GuardedBy("appending")
    private final Map<MountId, Slab> open = new HashMap<>();

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
    }

    /** A small file's bytes, pinned until {@link #release}. */
    public final class Pinned {
        private final Slab slab;
        private final PackedCopy copy;
        private final MemorySegment bytes;

        private Pinned(Slab slab, PackedCopy copy, MemorySegment bytes) {
            this.slab = slab;
            this.copy = copy;
            this.bytes = bytes;
        }

        public MemorySegment bytes() {
            return bytes;
        }

        public void release() {
            unpin(slab, copy);
        }
    }

    /** Brings back what was kept before the restart. */
    public void restore() throws IOException {
        for (SlabRecord known : index.slabs()) {
            long number = known.number();
            synchronized (appending) {
                nextNumber = Math.max(nextNumber, number + 1);
            }
            int length = (int) Math.min(files.length(number), Integer.MAX_VALUE);
            Slab slab = Slab.restored(this, known, files.existing(number, length), length);
            if (!known.isGoing() && isWhole(slab, known)) {
                slabs.put(number, slab);
                space.restore(slab.mount(), slab.accountedBytes());
                space.addObjects(slab.mount(), slab.files());
                space.policy().admit(slab);
            } else {
                index.slabDropped(number, () -> {});
                slab.file().unlink();
            }
        }
        files.deleteUnless(slabs::containsKey);
    }

    public Optional<PackedCopy> find(FileVersion version) throws IOException {
        return index.find(version).filter(this::holds);
    }

    public void forEach(BiConsumer<FileVersion, PackedCopy> visitor) throws IOException {
        index.forEach(visitor);
    }

    /** Pins a file; empty when it was dropped, its slab is gone, or the slab's file ends before it. Does not verify. */
    public Optional<Pinned> pin(PackedCopy copy) throws IOException {
        PackedPlace place = copy.place();
        Slab slab = slabs.get(place.slab());
        if (slab == null || !slab.tryPin()) {
            return Optional.empty();
        }
        if (!copy.tryPin()) {
            unpin(slab);
            return Optional.empty();
        }
        slab.touch();
        try {
            return Optional.of(new Pinned(slab, copy, slab.file().bytes().asSlice(place.offset(), place.length())));
        } catch (IndexOutOfBoundsException cutShort) {
            unpin(slab, copy);
            return Optional.empty();
        } catch (IOException e) {
            unpin(slab, copy);
            throw new IOException(
                    "the slab of a small file cannot be read: " + slab.file().path(), e);
        }
    }

    /** Whether the file's slab is still here. */
    public boolean holds(PackedCopy copy) {
        return slabs.containsKey(copy.place().slab());
    }

    /** Whether the file was kept before the restart and not verified since. */
    public boolean isUnsure(PackedCopy copy) {
        Slab slab = slabs.get(copy.place().slab());
        return slab != null && slab.isUnsure(copy.place());
    }

    /** Whether the file's slab is not mapped, and cannot be since somebody cut it short. */
    public boolean isUnmappable(PackedCopy copy) {
        Slab slab = slabs.get(copy.place().slab());
        return slab != null && !slab.file().isMapped() && slab.file().isCutShort();
    }

    /** Compares a pinned file with its CRC32C. */
    public boolean verify(Pinned file) throws IOException {
        PackedPlace place = file.copy.place();
        boolean sound = file.slab
                .file()
                .sums(new ByteRange(place.offset(), place.length()))
                .filter(sums -> sums.whole() == place.crc())
                .isPresent();
        if (sound) {
            file.slab.confirm(place);
        }
        return sound;
    }

    /**
     * Appends a file; empty when there is no room.
     *
     * @param nowMillis its first use
     */
    public Optional<PackedCopy> append(FileVersion version, MemorySegment bytes, int crc, long nowMillis)
            throws IOException {
        MountId mount = version.mount();
        int length = Math.toIntExact(bytes.byteSize());
        int taken = SlabContent.aligned(length);
        if (!space.makeRoomForObject(mount) || !space.reserve(mount, taken)) {
            return Optional.empty();
        }
        Room room;
        try {
            room = room(mount, taken);
        } catch (IOException e) {
            space.release(mount, taken);
            throw e;
        }
        space.addObjects(mount, 1);
        PackedPlace place = new PackedPlace(room.slab().number(), Math.toIntExact(room.offset()), length, crc);
        PackedCopy copy = new PackedCopy(place, nowMillis);
        boolean stored = false;
        try {
            room.slab().file().write(bytes, place.offset());
            faults.reach("store.packed.appended");
            index.stored(version, copy);
            stored = true;
            faults.reach("store.packed.committed");
            return Optional.of(copy);
        } finally {
            if (!stored) {
                giveBack(room.slab(), place);
            }
            unpin(room.slab());
        }
    }

    /** Remembers a use; the caller sees to it that the copy is not forgotten meanwhile. */
    public void used(FileVersion version, PackedCopy copy, long nowMillis) throws IOException {
        copy.usedAt(nowMillis);
        index.used(version, copy);
    }

    /** Takes a file out of the index; nobody may find it again before its {@link #drop}, which must follow. */
    public void forget(FileVersion version, PackedCopy copy) throws IOException {
        Slab slab = slabs.get(copy.place().slab());
        if (slab != null && slab.tryPin()) {
            try {
                countOnce(slab);
                index.dropped(version, copy.place());
            } finally {
                unpin(slab);
            }
        } else {
            index.dropped(version, copy.place());
        }
        faults.reach("store.packed.dropped");
    }

    /**
     * Gives the place of a forgotten file back, when nobody reads it any more.
     *
     * @return bytes freed now
     */
    public long drop(PackedCopy copy) {
        Slab slab = slabs.get(copy.place().slab());
        boolean mine = copy.drop();
        if (slab == null || !slab.tryPin()) {
            return 0;
        }
        if (mine) {
            giveBack(slab, copy.place());
        }
        unpin(slab);
        return mine ? copy.place().length() : 0;
    }

    public int pins() {
        return slabs.values().stream().mapToInt(Slab::pins).sum();
    }

    /** Unmaps; nobody may pin any more. */
    @Override
    public void close() throws IOException {
        for (Slab slab : slabs.values()) {
            index.slab(slab.counted());
            slab.file().close();
        }
    }

    boolean holdsPinned(Slab slab) throws IOException {
        if (pinned.isEmpty()) {
            return false;
        }
        boolean[] holds = new boolean[1];
        index.content(slab.number(), (offset, version) -> holds[0] |= pinned.contains(version));
        return holds[0];
    }

    /** Removes a slab with all that lies in it, unless somebody uses it. */
    boolean tryDrop(Slab slab) throws IOException {
        synchronized (appending) {
            if (!index.claim(slab)) {
                return false;
            }
            open.remove(slab.mount(), slab);
        }
        dropClaimed(slab);
        return true;
    }

    private void dropClaimed(Slab slab) throws IOException {
        index.slabDropped(slab.number(), () -> faults.reach("store.slab.file.unmapped"));
        faults.reach("store.slab.unmapped");
        slabs.remove(slab.number());
        slab.file().close();
        slab.file().unlink();
        faults.reach("store.slab.unlinked");
        space.release(slab.mount(), slab.accountedBytes());
        space.addObjects(slab.mount(), -slab.files());
    }

    private record Room(Slab slab, long offset) {}

    /** Takes room in a slab of the mount that it pins for the caller. */
    private Room room(MountId mount, int bytes) throws IOException {
        Quota quota = space.quotaOf(mount);
        synchronized (appending) {
            Slab current = open.get(mount);
            if (current != null && current.file().isCutShort()) {
                // A write would leave zeros where others lay.
                open.remove(mount);
                current.seal();
                current = null;
            }
            OptionalLong offset = current == null || current.files() >= Math.max(1, quota.objects() / SLABS_IN_A_TIER)
                    ? OptionalLong.empty()
                    : current.take(bytes);
            if (current != null && offset.isPresent()) {
                pinOpen(current);
                return new Room(current, offset.getAsLong());
            }
            SlabRecord known = SlabRecord.uncounted(nextNumber++, mount);
            // When the record of a slab was lost, its number is used again, and what lay in it must not be found in
            // this one.
            index.slabDropped(known.number(), () -> {});
            index.slab(known);
            int slabBytes = slabBytes(quota);
            Slab fresh = Slab.fresh(this, known, files.create(known.number(), slabBytes), slabBytes);
            slabs.put(known.number(), fresh);
            open.put(mount, fresh);
            pinOpen(fresh);
            space.policy().admit(fresh);
            if (current != null) {
                current.seal();
                current.file().finishWriting();
            }
            return new Room(fresh, fresh.take(bytes).orElseThrow());
        }
    }

    private int slabBytes(Quota quota) {
        long least = quota.equals(Quota.NONE) ? LEAST_SLAB_BYTES : LEAST_LIMITED_SLAB_BYTES;
        long share = Math.min(space.capacityBytes(), quota.bytes()) / SLABS_IN_A_TIER;
        return (int) Math.clamp(share / PAGE * PAGE, least, MOST_SLAB_BYTES);
    }

    private static void pinOpen(Slab slab) {
        if (!slab.tryPin()) {
            throw new IllegalStateException("the slab that is appended to was evicted");
        }
    }

    private void unpin(Slab slab, PackedCopy copy) {
        if (copy.unpin()) {
            giveBack(slab, copy.place());
        }
        unpin(slab);
    }

    /** Whoever leaves an empty slab last removes it. */
    private void unpin(Slab slab) {
        slab.unpin();
        if (!slab.holdsNothing()) {
            return;
        }
        try {
            synchronized (appending) {
                if (!slab.holdsNothing() || !index.claim(slab)) {
                    return;
                }
                open.remove(slab.mount(), slab);
            }
            space.policy().remove(slab);
            dropClaimed(slab);
        } catch (IOException e) {
            log.warn("could not remove the empty {}", slab.file().path(), e);
        }
    }

    /** The slab is pinned and counted. Nothing is written to a page again in which a file lay. */
    private void giveBack(Slab slab, PackedPlace place) {
        Slab.Vacated vacated = slab.vacate(SlabContent.extent(place.offset(), place.length()));
        if (!vacated.pages().isEmpty()) {
            punch(slab, vacated.pages());
            faults.reach("store.packed.punched");
        }
        space.release(slab.mount(), vacated.bytes());
        space.addObjects(slab.mount(), -1);
    }

    private static void punch(Slab slab, ByteRange pages) {
        try {
            slab.file().punch(pages.offset(), pages.length());
        } catch (IOException e) {
            log.debug("{} was not punched, and goes whole", slab.file().path(), e);
        }
    }

    /** Counts what lies in a slab from before the restart, before the first of it goes. */
    private void countOnce(Slab slab) throws IOException {
        synchronized (slab) {
            if (!slab.isCounted()) {
                index.slab(SlabRecord.uncounted(slab.number(), slab.mount()));
                slab.count(SlabContent.of(slab, index).inside());
            }
        }
    }

    /** Whether a slab from before the restart holds something, all of it within its file; accounts for it. */
    private boolean isWhole(Slab slab, SlabRecord known) throws IOException {
        if (known.fits(slab.slabBytes())) {
            return true;
        }
        SlabContent content = SlabContent.of(slab, index);
        SlabPages pages = content.inside();
        if (!content.isWhole() || pages.files() == 0) {
            return false;
        }
        index.slab(SlabRecord.uncounted(slab.number(), slab.mount()));
        slab.count(pages);
        long occupied = slab.slabBytes();
        ByteRange unoccupied = pages.unoccupiedFrom(0);
        while (!unoccupied.isEmpty()) {
            punch(slab, unoccupied);
            occupied -= unoccupied.length();
            unoccupied = pages.unoccupiedFrom(unoccupied.end());
        }
        slab.account(occupied);
        return true;
    }
}
