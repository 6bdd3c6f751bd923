package io.headrace.store.map;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The state of each block of one file in one tier, and how many readers pin it. Lock-free. A block is
 *
 * <ul>
 *   <li>absent;
 *   <li>arriving: claimed by the one thread that writes its bytes;
 *   <li>unsure: kept before the last restart, or found unreadable by a reader, and not verified since;
 *   <li>present: readable, with a number of pins;
 *   <li>leaving: claimed by the one thread that takes its bytes away. Only an unpinned block is claimed, and a claimed
 *       one cannot be pinned.
 * </ul>
 *
 * One int a block: the state in the three low bits, the pins above.
 */
public final class BlockStates {
    private static final int ABSENT = 0;
    private static final int UNSURE = 1;
    private static final int PRESENT = 2;
    private static final int LEAVING = 3;
    private static final int ARRIVING = 4;
    private static final int STATE = 7;
    private static final int ONE_PIN = 8;

    private final AtomicIntegerArray states;
    private final int[] crcs;
    private final AtomicReferenceArray<@Nullable BlockSums> sums;
    private final AtomicInteger present = new AtomicInteger();
    private final AtomicInteger kept = new AtomicInteger();

    public BlockStates(int blocks) {
        this.states = new AtomicIntegerArray(blocks);
        this.crcs = new int[blocks];
        this.sums = new AtomicReferenceArray<>(blocks);
    }

    public int blocks() {
        return crcs.length;
    }

    /** How many blocks are present; unsure ones do not count. */
    public int presentBlocks() {
        return present.get();
    }

    /** How many blocks are present or unsure. */
    public int keptBlocks() {
        return kept.get();
    }

    public boolean allPresent() {
        return present.get() == crcs.length;
    }

    /** An absent block becomes unsure; called before the store is opened to readers. */
    public void restore(int block, int crc) {
        crcs[block] = crc;
        states.set(block, UNSURE);
        kept.incrementAndGet();
    }

    /** Claims an absent block for its bytes to be written; false while it is here, leaving or written by another. */
    public boolean tryArrive(int block) {
        return states.compareAndSet(block, ABSENT, ARRIVING);
    }

    /** The writer gives up. */
    public void abandon(int block) {
        if (!states.compareAndSet(block, ARRIVING, ABSENT)) {
            throw new IllegalStateException("block " + block + " was not arriving");
        }
    }

    /** The writer is done: the block becomes present. */
    public void publish(int block, int crc) {
        crcs[block] = crc;
        sums.set(block, null);
        if (!states.compareAndSet(block, ARRIVING, PRESENT)) {
            throw new IllegalStateException("block " + block + " was not arriving");
        }
        present.incrementAndGet();
        kept.incrementAndGet();
    }

    /** An unsure block, pinned by the caller, was verified. */
    public void confirm(int block) {
        int state = states.get(block);
        while ((state & STATE) == UNSURE && !states.compareAndSet(block, state, state - UNSURE + PRESENT)) {
            state = states.get(block);
        }
        if ((state & STATE) == UNSURE) {
            present.incrementAndGet();
        }
    }

    /** A present block becomes unsure; who pins it goes on doing so. */
    public void doubt(int block) {
        int state = states.get(block);
        while ((state & STATE) == PRESENT && !states.compareAndSet(block, state, state - PRESENT + UNSURE)) {
            state = states.get(block);
        }
        if ((state & STATE) == PRESENT) {
            present.decrementAndGet();
        }
    }

    /** Meaningful while the block is present or unsure. */
    public int crc(int block) {
        return crcs[block];
    }

    /** The sums of a block's parts, as they were found when its bytes matched its CRC; empty when they were not read yet. */
    public Optional<BlockSums> sums(int block) {
        return Optional.ofNullable(sums.get(block));
    }

    /** The bytes of a block, pinned by the caller, match its CRC. */
    public void summed(int block, BlockSums found) {
        sums.set(block, found);
    }

    public boolean isPresent(int block) {
        return (states.get(block) & STATE) == PRESENT;
    }

    public boolean isUnsure(int block) {
        return (states.get(block) & STATE) == UNSURE;
    }

    /** Present or unsure. */
    public boolean isKept(int block) {
        int state = states.get(block) & STATE;
        return state == PRESENT || state == UNSURE;
    }

    public boolean isAbsent(int block) {
        return states.get(block) == ABSENT;
    }

    public int pinnedBlocks() {
        return (int) IntStream.range(0, blocks())
                .filter(block -> states.get(block) >= ONE_PIN)
                .count();
    }

    /** Pins a present block; false when it is not present. */
    public boolean tryPin(int block) {
        return tryPinWhen(PRESENT, block);
    }

    /** Pins an unsure block, for its verification; false when it is not unsure. */
    public boolean tryPinUnsure(int block) {
        return tryPinWhen(UNSURE, block);
    }

    private boolean tryPinWhen(int wanted, int block) {
        while (true) {
            int state = states.get(block);
            if ((state & STATE) != wanted) {
                return false;
            }
            if (states.compareAndSet(block, state, state + ONE_PIN)) {
                return true;
            }
        }
    }

    public void unpin(int block) {
        int before = states.getAndAdd(block, -ONE_PIN);
        if (before < ONE_PIN) {
            states.addAndGet(block, ONE_PIN);
            throw new IllegalStateException("block " + block + " was unpinned more often than pinned");
        }
    }

    /** Claims an unpinned block that is present or unsure, for its bytes to be taken away. */
    public boolean tryClaim(int block) {
        if (states.compareAndSet(block, PRESENT, LEAVING)) {
            present.decrementAndGet();
            kept.decrementAndGet();
            return true;
        }
        boolean claimed = states.compareAndSet(block, UNSURE, LEAVING);
        kept.addAndGet(claimed ? -1 : 0);
        return claimed;
    }

    /** A claimed block's bytes are gone. */
    public void leave(int block) {
        if (!states.compareAndSet(block, LEAVING, ABSENT)) {
            throw new IllegalStateException("block " + block + " was not claimed");
        }
    }

    /** A claim is given up; whether all the bytes are still there is to be verified. */
    public void unclaim(int block) {
        if (!states.compareAndSet(block, LEAVING, UNSURE)) {
            throw new IllegalStateException("block " + block + " was not claimed");
        }
        kept.incrementAndGet();
    }
}
