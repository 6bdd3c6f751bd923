package io.headrace.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.MountId;
import io.headrace.store.eviction.CacheEntry;
import io.headrace.store.map.BlockStates;
import io.headrace.store.tier.TierFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One version's file in one tier: its blocks' states, its loans, and how its blocks come and go. Thread-safe.
 *
 * <p>Its monitor orders loans against claims: a loan is granted when all blocks are present, and no block is claimed
 * while a loan lives, so a holder never meets a hole. A lease is a loan of the blocks that are present; those that are not may
 * still arrive. A copy that a kernel or a lost holder may still read, of this process or an earlier one, is never punched.
 */
final class TierCopy {
    private static final Logger log = LoggerFactory.getLogger(TierCopy.class);

    /** An eviction takes some hundred microseconds; ten seconds are a disk that hangs. */
    private static final int LEAVING_TRIES = 100_000;

    private static final long LEAVING_PAUSE_NANOS = 100_000;

    private final CacheTier tier;
    private final long number;
    private final SparseFile owner;
    private final TierFile file;
    private final BlockStates states;
    private final AtomicReferenceArray<BlockEntry> entries;
    private final BlockVerification verification;

    /** Never becomes false again. */
    private volatile boolean goesWhole;

    @GuardedBy("this")
    private int loans;

    @GuardedBy("this")
    private boolean lentNow;

    @GuardedBy("this")
    private boolean detached;

    /** Bytes of a detached copy that its holders still occupy. */
    @GuardedBy("this")
    private long lingeringBytes;

    @GuardedBy("this")
    private boolean unmapped;

    TierCopy(CacheTier tier, long number, SparseFile owner, TierFile file, boolean lentBefore) {
        this.tier = tier;
        this.number = number;
        this.owner = owner;
        this.file = file;
        this.goesWhole = lentBefore;
        this.unmapped = owner.isIdle();
        int blocks = Blocks.count(owner.version().lengthBytes());
        this.states = new BlockStates(blocks);
        this.entries = new AtomicReferenceArray<>(blocks);
        this.verification = new BlockVerification(this, owner);
    }

    CacheTier tier() {
        return tier;
    }

    long number() {
        return number;
    }

    TierFile file() {
        return file;
    }

    SparseFile owner() {
        return owner;
    }

    boolean hasEntry(BlockEntry entry) {
        return entries.get(entry.block()) == entry;
    }

    BlockVerification verification() {
        return verification;
    }

    BlockStates states() {
        return states;
    }

    boolean isComplete() {
        return states.allPresent();
    }

    long keptBytes() {
        long bytes = 0;
        for (int i = 0; i < states.blocks(); i++) {
            bytes += states.isKept(i) ? blockBytes(i) : 0;
        }
        return bytes;
    }

    synchronized boolean isLent() {
        return loans > 0;
    }

    synchronized long lentBytes() {
        return loans == 0 ? 0 : detached ? lingeringBytes : owner.version().lengthBytes();
    }

    /** Pins a part of a block that is here, verifying it first where it is unsure; empty when it is not here. */
    Optional<MemorySegment> pin(int block, ByteRange part) throws IOException {
        if (states.isUnsure(block)) {
            verification.verify(block);
            if (states.isUnsure(block)) {
                // Damaged, and pinned by who was here before.
                LockSupport.parkNanos(LEAVING_PAUSE_NANOS);
            }
        }
        if (!states.tryPin(block)) {
            return Optional.empty();
        }
        try {
            BlockEntry entry = entries.get(block);
            if (entry != null) {
                entry.touch();
            }
            return Optional.of(file.bytes().asSlice(part.offset(), part.length()));
        } catch (IOException e) {
            states.unpin(block);
            if (owner.dropIfCutShort(this)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    void unpin(int block) {
        states.unpin(block);
    }

    /**
     * Writes a block whose space is reserved, stores its CRC and makes it present.
     *
     * @return false, with nothing kept, when the copy was dropped meanwhile or another thread keeps the block
     */
    boolean store(BlockBytes arriving) throws IOException {
        int block = arriving.index();
        if (!arrives(block)) {
            return false;
        }
        boolean stored = false;
        try {
            long offset = Blocks.range(block, owner.version().lengthBytes()).offset();
            if (arriving.heldAbove()) {
                file.writeUncached(arriving.bytes(), offset);
            } else {
                file.write(arriving.bytes(), offset);
            }
            tier.faults().reach("store.block.written");
            stored = commit(block, arriving.crc());
        } finally {
            if (!stored) {
                states.abandon(block);
            }
        }
        if (states.allPresent()) {
            file.finishWriting();
            owner.completed();
        }
        return stored;
    }

    /** A block that was kept before the restart. */
    void restore(int block, int crc) {
        admit(block);
        states.restore(block, crc);
        tier.space().restore(mount(), blockBytes(block));
    }

    /** Lends the file, complete; a mapping of it may outlive the loan. */
    Optional<BackingFile> lend() throws IOException {
        synchronized (this) {
            if (detached || !states.allPresent()) {
                return Optional.empty();
            }
            goesWhole = true;
            beginLoan();
        }
        return Optional.of(opened());
    }

    /** Lends the file when the block is present, without more. */
    Optional<LeasedFile> lease(int block) throws IOException {
        synchronized (this) {
            if (detached || !states.isPresent(block)) {
                return Optional.empty();
            }
            beginLoan();
        }
        return Optional.of(new TierLease(this, opened()));
    }

    /** Some holder may read on after its loan ended. */
    void neverPunch() {
        goesWhole = true;
    }

    boolean isNeverPunched() {
        return goesWhole;
    }

    synchronized boolean isCurrent() {
        return !detached;
    }

    @GuardedBy("this")
    private void beginLoan() throws IOException {
        if (!lentNow) {
            tier.map().fileLent(number);
            lentNow = true;
        }
        loans++;
    }

    private BackingFile opened() throws IOException {
        boolean opened = false;
        try {
            BackingFile file = this.file.lend(this::returned);
            opened = true;
            return file;
        } finally {
            if (!opened) {
                returned();
            }
        }
    }

    /** Punches every block that nobody pins or holds; the bytes freed. */
    long punchUnpinned() throws IOException {
        long freed = 0;
        for (int i = 0; i < states.blocks(); i++) {
            freed += punch(i) ? blockBytes(i) : 0;
        }
        return freed;
    }

    /** Removes the whole file from the tier; its space is given back when the last holder is gone. */
    void detach() throws IOException {
        synchronized (this) {
            if (detached) {
                return;
            }
            detached = true;
            for (int i = 0; i < states.blocks(); i++) {
                lingeringBytes += takeEntry(i).map(CacheEntry::bytes).orElse(0L);
            }
        }
        tier.space().addObjects(mount(), -1);
        tier.map().fileDropped(number);
        tier.faults().reach("store.file.unmapped");
        file.unlink();
        tier.faults().reach("store.file.unlinked");
        tier.lingers(this, true);
        releaseLingering();
    }

    /** Whether it may only go whole. */
    synchronized boolean mustGoWhole() {
        return goesWhole || loans > 0;
    }

    synchronized long lingeringBytes() {
        return lingeringBytes;
    }

    /** Nobody reads the version any more: gives memory and descriptors back, and a detached copy's space. */
    void settle() {
        try {
            file.close();
        } catch (IOException e) {
            log.warn("could not close {}", file.path(), e);
        }
        synchronized (this) {
            unmapped = true;
        }
        releaseLingering();
    }

    /** Somebody reads again. */
    synchronized void reuse() {
        unmapped = false;
    }

    private void returned() {
        synchronized (this) {
            loans--;
        }
        releaseLingering();
    }

    private void releaseLingering() {
        long bytes;
        synchronized (this) {
            if (!detached || loans > 0 || !unmapped) {
                return;
            }
            bytes = lingeringBytes;
            lingeringBytes = 0;
        }
        tier.space().release(mount(), bytes);
        tier.lingers(this, false);
    }

    /** Waits out an eviction that is about to punch the block, and claims it for writing. */
    private boolean arrives(int block) {
        for (int tries = 0; tries < LEAVING_TRIES; tries++) {
            if (states.tryArrive(block)) {
                return true;
            }
            if (states.isKept(block)) {
                return false;
            }
            LockSupport.parkNanos(LEAVING_PAUSE_NANOS);
        }
        return false;
    }

    private synchronized boolean commit(int block, int crc) throws IOException {
        if (detached) {
            return false;
        }
        tier.map().blockStored(number, block, crc);
        tier.faults().reach("store.block.committed");
        admit(block);
        states.publish(block, crc);
        return true;
    }

    private void admit(int block) {
        BlockEntry entry = new BlockEntry(this, block);
        entries.set(block, entry);
        tier.space().policy().admit(entry);
    }

    /** Takes a block away, unless somebody pins it or may read the file; whether it went. */
    boolean punch(int block) throws IOException {
        synchronized (this) {
            if (detached || loans > 0 || goesWhole || !states.tryClaim(block)) {
                return false;
            }
        }
        try {
            tier.map().blockDropped(number, block);
        } catch (IOException e) {
            states.unclaim(block);
            throw e;
        }
        tier.faults().reach("store.eviction.unmapped");
        ByteRange range = Blocks.range(block, owner.version().lengthBytes());
        try {
            file.punch(range.offset(), range.length());
        } catch (IOException e) {
            log.debug("{} was not punched, and goes whole or is overwritten", file.path(), e);
        }
        tier.faults().reach("store.eviction.punched");
        takeEntry(block).ifPresent(entry -> tier.space().release(mount(), entry.bytes()));
        states.leave(block);
        return true;
    }

    /** Whoever takes a block's entry out accounts for its bytes. */
    private Optional<BlockEntry> takeEntry(int block) {
        Optional<BlockEntry> entry = Optional.ofNullable(entries.getAndSet(block, null));
        entry.ifPresent(tier.space().policy()::remove);
        return entry;
    }

    /** Stops counting a damaged block, without a hole: the repair writes over it. */
    void dropDamaged(int block) throws IOException {
        // First, so that whoever finds the block absent knows why.
        owner.markDamaged(block);
        if (!states.tryClaim(block)) {
            return;
        }
        tier.damaged(owner.version(), block);
        takeEntry(block).ifPresent(entry -> tier.space().release(mount(), entry.bytes()));
        try {
            tier.map().blockDropped(number, block);
        } finally {
            states.leave(block);
        }
    }

    private MountId mount() {
        return owner.version().mount();
    }

    long blockBytes(int block) {
        return Blocks.range(block, owner.version().lengthBytes()).length();
    }
}
