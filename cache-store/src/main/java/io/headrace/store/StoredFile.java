package io.headrace.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.RangeSource;
import io.headrace.store.flight.Flight;
import io.headrace.store.flight.FlightPlan;
import io.headrace.store.flight.Passenger;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One version that is open or of which something is kept, with its flights. Thread-safe.
 *
 * <p>Uses are open files, readers with pinned bytes, and flights. While there is one, mappings stay; when the last one
 * ends they go. The step from none to one and back is taken with the monitor held, all others without.
 *
 * <p>A term lasts from one eviction to the next. What was begun in an earlier term, a flight or a copy on its way to the
 * disk, serves its readers and is not kept.
 */
abstract class StoredFile {
    private final FileVersion version;
    private final StoreContext context;
    private final ConcurrentHashMap<Integer, Flight> flights = new ConcurrentHashMap<>();
    private final Pieces pieces;
    private final CopyOnWriteArrayList<OpenFile> opened = new CopyOnWriteArrayList<>();
    private final AtomicInteger uses = new AtomicInteger();
    private volatile @Nullable RangeSource source;
    private volatile long lastUsedNanos;

    /** Raised with the monitor held. */
    private volatile int term;

    @GuardedBy("damaged")
    private final BitSet damaged = new BitSet();

    StoredFile(FileVersion version, StoreContext context) {
        this.version = version;
        this.context = context;
        this.pieces = new Pieces(this, context.recentPieces());
        this.lastUsedNanos = context.nanoTicker().getAsLong();
    }

    /** Pins a part of a block, verifying it first where it is unsure; empty when it is not here. */
    abstract Optional<HeldBytes> pin(int block, ByteRange part) throws IOException;

    /** Present, or unsure: no flight is needed unless it turns out to be damaged. */
    abstract boolean isKept(int block);

    /** Keeps a block that was fetched in a term, unless that is over; false when no tier can take it. */
    abstract boolean keep(int block, MemorySegment bytes, int crc, int fetched);

    /** Verifies what is unsure of a block. */
    abstract void verify(int block) throws IOException;

    /** Whether every byte is here and verified. */
    abstract boolean isComplete();

    abstract Optional<BackingFile> lend() throws IOException;

    /** Lends a file that has the block, which is verified first where it is unsure. */
    abstract Optional<LeasedFile> lease(int block) throws IOException;

    abstract Residency residency();

    /** Drops all that is kept, but for what readers pin or others hold; the bytes freed now. */
    abstract long evict() throws IOException;

    /** Reads all that is kept and compares it with its CRCs. */
    abstract CheckResult check() throws IOException;

    /** As {@link #check}, of a block that a reader found unreadable; false when some of it was dropped. */
    abstract boolean recheck(int block) throws IOException;

    /** Whether this object can go when nobody uses it: nothing is lost with it. */
    abstract boolean isForgettable();

    abstract InsufficientSpaceException insufficientSpace(int block);

    /** How many blocks readers pin. */
    abstract int pinnedBlocks();

    /** The first use begins; called with the monitor held. */
    abstract void wake();

    /** Gives memory and descriptors back: the last use ended, or the store is closing. Monitor held, or store closing. */
    abstract void settle();

    /** It was opened or closed. */
    abstract void touched();

    final FileVersion version() {
        return version;
    }

    final StoreContext context() {
        return context;
    }

    final Pieces pieces() {
        return pieces;
    }

    final int term() {
        return term;
    }

    /**
     * Before an eviction: what is begun is not kept any more. Who waits for a flight goes on waiting for it; who comes now
     * gets another.
     */
    final void beginTerm() {
        synchronized (this) {
            term++;
        }
        flights.clear();
        pieces.beginTerm();
    }

    final boolean isPinned() {
        return context.pins().contains(version);
    }

    final boolean isIdle() {
        return uses.get() == 0;
    }

    /** When it was last opened or closed, by the store's ticker. */
    final long lastUsedNanos() {
        return lastUsedNanos;
    }

    final void opened(OpenFile file, RangeSource from) {
        lastUsedNanos = context.nanoTicker().getAsLong();
        source = from;
        opened.add(file);
        touched();
    }

    final void closed(OpenFile file) {
        lastUsedNanos = context.nanoTicker().getAsLong();
        opened.remove(file);
        touched();
        release();
    }

    final boolean isOpen() {
        return !opened.isEmpty();
    }

    final void retain() {
        while (true) {
            int now = uses.get();
            if (now == 0) {
                synchronized (this) {
                    if (uses.getAndIncrement() == 0) {
                        wake();
                    }
                    return;
                }
            }
            if (uses.compareAndSet(now, now + 1)) {
                return;
            }
        }
    }

    final void release() {
        if (uses.decrementAndGet() > 0) {
            return;
        }
        synchronized (this) {
            if (uses.get() == 0) {
                settle();
            }
        }
        context.idle().accept(this);
    }

    /**
     * Lets the passenger wait for the block, on the flight that there is or a new one.
     *
     * @return false when the block is kept by now, and may be pinned; the passenger was told nothing
     */
    final boolean board(int block, Passenger passenger, FetchReason reason) {
        while (true) {
            Flight known = flights.get(block);
            if (known != null) {
                if (known.board(passenger)) {
                    context.scheduler().urge(known, reason);
                    return true;
                }
                flights.remove(block, known);
                continue;
            }
            Optional<Flight> fresh = newFlight(block, reason, term);
            if (fresh.isPresent()) {
                fresh.get().board(passenger);
                context.scheduler().submit(fresh.get());
                return true;
            }
            if (isKept(block)) {
                return false;
            }
        }
    }

    /** A flight for an absent block that nobody flies to yet, for the caller to submit; none when the term is over. */
    final Optional<Flight> newFlight(int block, FetchReason reason, int current) {
        Flight fresh = context.scheduler().plan(new BlockFlight(block, source(), current), reason);
        boolean[] mine = new boolean[1];
        flights.computeIfAbsent(block, index -> {
            mine[0] = current == term && !isKept(index);
            return mine[0] ? fresh : null;
        });
        if (!mine[0]) {
            return Optional.empty();
        }
        retain();
        pieces.forget(block);
        return Optional.of(fresh);
    }

    /** Kept, on its way, or damaged and to be fetched whole. */
    final boolean isComing(int block) {
        return flights.containsKey(block) || isDamaged(block) || isKept(block);
    }

    /** Where absent bytes come from. */
    final RangeSource source() {
        RangeSource from = source;
        if (from == null) {
            throw new IllegalStateException("no source: " + version + " was never opened");
        }
        return from;
    }

    final void markDamaged(int block) {
        synchronized (damaged) {
            damaged.set(block);
        }
    }

    private boolean isDamaged(int block) {
        synchronized (damaged) {
            return damaged.get(block);
        }
    }

    /** Tells the open files that every byte is here. */
    final void completed() {
        opened.forEach(OpenFile::completed);
    }

    /** Gets one absent block of this file. */
    private final class BlockFlight implements FlightPlan {
        private final int block;
        private final RangeSource from;
        private final int begun;
        private final AtomicBoolean ended = new AtomicBoolean();

        BlockFlight(int block, RangeSource from, int begun) {
            this.block = block;
            this.from = from;
            this.begun = begun;
        }

        @Override
        public FileVersion version() {
            return version;
        }

        @Override
        public ByteRange range() {
            return Blocks.range(block, version.lengthBytes());
        }

        @Override
        public RangeSource source() {
            return from;
        }

        @Override
        public boolean isRepair() {
            return isDamaged(block);
        }

        @Override
        public boolean keep(MemorySegment bytes, int crc) {
            boolean kept = StoredFile.this.keep(block, bytes, crc, begun);
            synchronized (damaged) {
                damaged.clear(block);
            }
            return kept;
        }

        @Override
        public void ended(Flight flight) {
            if (ended.compareAndSet(false, true)) {
                flights.remove(block, flight);
                release();
            }
        }
    }
}
