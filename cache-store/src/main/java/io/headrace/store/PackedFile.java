package io.headrace.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.store.packed.PackedCopy;
import io.headrace.store.packed.PackedFiles;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A version of one block or none that is small enough to lie in a slab with others. */
final class PackedFile extends StoredFile {
    private static final Logger log = LoggerFactory.getLogger(PackedFile.class);

    private final CacheTier tier;
    private final PackedFiles packed;

    /** Held while a file is appended, so that an eviction finds it. Taken before the monitor. */
    private final Object appending = new Object();

    @GuardedBy("this")
    private boolean looked;

    private volatile @Nullable PackedCopy copy;

    PackedFile(FileVersion version, StoreContext context, CacheTier tier, PackedFiles packed) {
        super(version, context);
        this.tier = tier;
        this.packed = packed;
    }

    @Override
    Optional<HeldBytes> pin(int block, ByteRange part) throws IOException {
        PackedCopy here = copy();
        if (here == null) {
            return Optional.empty();
        }
        if (packed.isUnmappable(here)) {
            dropDamaged(here);
            return Optional.empty();
        }
        Optional<PackedFiles.Pinned> pin = packed.pin(here);
        if (pin.isEmpty()) {
            forget(here);
            return Optional.empty();
        }
        if (packed.isUnsure(here) && !isSound(pin.get())) {
            dropDamaged(here);
            return Optional.empty();
        }
        return Optional.of(new PackedPin(pin.get(), pin.get().bytes().asSlice(part.offset(), part.length())));
    }

    /** Asked by flights and readers alike: a slab that went since counts as absent. */
    @Override
    boolean isKept(int block) {
        PackedCopy here = copyOrAbsent();
        return here != null && packed.holds(here);
    }

    @Override
    boolean keep(int block, MemorySegment bytes, int crc, int fetched) {
        synchronized (appending) {
            if (fetched != term()) {
                return true;
            }
            if (!append(block, bytes, crc)) {
                return false;
            }
        }
        completed();
        return true;
    }

    @Override
    void verify(int block) throws IOException {
        pin(0, version().wholeFile()).ifPresent(HeldBytes::release);
    }

    @Override
    boolean isComplete() {
        return version().lengthBytes() == 0 || isKept(0);
    }

    @Override
    Optional<LeasedFile> lease(int block) {
        return Optional.empty();
    }

    @Override
    Optional<BackingFile> lend() {
        return Optional.empty();
    }

    @Override
    Residency residency() {
        long bytes = isKept(0) ? version().lengthBytes() : 0;
        return new Residency(
                Map.of(tier.tier(), bytes), bytes, bytes == version().lengthBytes(), isPinned());
    }

    @Override
    long evict() throws IOException {
        beginTerm();
        synchronized (appending) {
            PackedCopy here = copy();
            return here == null ? 0 : drop(here);
        }
    }

    @Override
    CheckResult check() throws IOException {
        PackedCopy here = copy();
        if (here != null && packed.isUnmappable(here)) {
            dropDamaged(here);
            return new CheckResult(here.place().length(), List.of(0));
        }
        Optional<PackedFiles.Pinned> pin = here == null ? Optional.empty() : packed.pin(here);
        if (here == null || pin.isEmpty()) {
            return new CheckResult(0, List.of());
        }
        boolean sound = isSound(pin.get());
        if (sound) {
            pin.get().release();
        } else {
            dropDamaged(here);
        }
        return new CheckResult(here.place().length(), sound ? List.of() : List.of(0));
    }

    @Override
    boolean recheck(int block) throws IOException {
        return check().damagedBlocks().isEmpty();
    }

    @Override
    InsufficientSpaceException insufficientSpace(int block) {
        return tier.insufficientSpace(version(), block);
    }

    @Override
    int pinnedBlocks() {
        return 0;
    }

    @Override
    boolean isForgettable() {
        return true;
    }

    @Override
    void wake() {}

    @Override
    void settle() {}

    /** Written down so that the time to live counts over restarts, and not at each use. */
    @Override
    void touched() {
        long step = context().useStepMillis();
        if (step == Long.MAX_VALUE) {
            return;
        }
        long now = context().wallMillis().getAsLong();
        PackedCopy here = copyOrAbsent();
        if (here == null || now - here.usedMillis() < step) {
            return;
        }
        try {
            synchronized (this) {
                if (here.equals(copy)) {
                    packed.used(version(), here, now);
                }
            }
        } catch (IOException e) {
            log.warn("a use of {} is not remembered", version(), e);
        }
    }

    private boolean append(int block, MemorySegment bytes, int crc) {
        try {
            Optional<PackedCopy> stored =
                    packed.append(version(), bytes, crc, context().wallMillis().getAsLong());
            if (stored.isPresent()) {
                copy = stored.get();
                return true;
            }
            tier.unkept();
        } catch (IOException e) {
            tier.unkept(version(), block, e);
        }
        return false;
    }

    private void dropDamaged(PackedCopy here) throws IOException {
        tier.damaged(version(), 0);
        markDamaged(0);
        drop(here);
    }

    /** Verifies; releases what is not sound. */
    private boolean isSound(PackedFiles.Pinned pin) throws IOException {
        boolean sound = false;
        try {
            sound = packed.verify(pin);
            return sound;
        } finally {
            if (!sound) {
                pin.release();
            }
        }
    }

    private long drop(PackedCopy here) throws IOException {
        synchronized (this) {
            if (!here.equals(copy)) {
                return 0;
            }
            packed.forget(version(), here);
            copy = null;
        }
        return packed.drop(here);
    }

    private synchronized void forget(PackedCopy gone) {
        if (gone.equals(copy)) {
            copy = null;
        }
    }

    private @Nullable PackedCopy copyOrAbsent() {
        try {
            return copy();
        } catch (IOException e) {
            log.warn("cannot tell whether {} is kept", version(), e);
            return null;
        }
    }

    private @Nullable PackedCopy copy() throws IOException {
        PackedCopy known = copy;
        return known != null ? known : lookUp();
    }

    /** The index is asked once: whatever is stored or dropped later passes through this object. */
    private synchronized @Nullable PackedCopy lookUp() throws IOException {
        if (!looked) {
            copy = packed.find(version()).orElse(null);
            looked = true;
        }
        return copy;
    }
}
