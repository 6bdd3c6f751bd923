package io.headrace.store.flight;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Native buffers within a budget of bytes. Sizes are powers of two from 64 KiB; returned buffers are kept for the next
 * flight, up to a share of the budget. Thread-safe.
 */
public final class FlightBuffers implements AutoCloseable {
    private static final int LEAST_BYTES = 64 << 10;
    private static final int SIZES = 17;
    private static final long ALIGNMENT = 4096;

    private final long budgetBytes;
    private final long keptBytesMost;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();

    // Guarded by lock.
    private final List<Deque<FlightBuffer.Memory>> kept = new ArrayList<>();
    private long keptBytes;
    private long lentBytes;
    private boolean closed;

    /** @param keptBytesMost what stays allocated while nothing is in flight */
    public FlightBuffers(long budgetBytes, long keptBytesMost) {
        this.budgetBytes = budgetBytes;
        this.keptBytesMost = keptBytesMost;
        for (int i = 0; i < SIZES; i++) {
            kept.add(new ArrayDeque<>());
        }
    }

    public long budgetBytes() {
        return budgetBytes;
    }

    /** Bytes lent now. */
    public long lentBytes() {
        lock.lock();
        try {
            return lentBytes;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lends a buffer of at least this size, whose content is anything; waits while the budget is spent.
     *
     * @throws IOException when none became free in time
     */
    FlightBuffer acquire(int bytes, Duration patience) throws IOException, InterruptedException {
        int sizeClass = sizeClass(bytes);
        long size = (long) LEAST_BYTES << sizeClass;
        if (size > budgetBytes) {
            throw new IOException("a flight needs " + size + " bytes and the budget is " + budgetBytes
                    + "; raise store.flight-budget");
        }
        List<FlightBuffer.Memory> surplus = new ArrayList<>();
        try {
            return new FlightBuffer(this, take(sizeClass, size, patience, surplus));
        } finally {
            surplus.forEach(FlightBuffer.Memory::free);
        }
    }

    void giveBack(FlightBuffer.Memory memory) {
        boolean keep;
        List<FlightBuffer.Memory> surplus = new ArrayList<>();
        lock.lock();
        try {
            lentBytes -= memory.bytes();
            dropKeptBeyond(Math.max(0, keptBytesMost - memory.bytes()), surplus);
            keep = !closed && keptBytes + memory.bytes() <= keptBytesMost;
            if (keep) {
                keptBytes += memory.bytes();
                kept.get(sizeClass(memory.bytes())).push(memory);
            }
            freed.signalAll();
        } finally {
            lock.unlock();
        }
        surplus.forEach(FlightBuffer.Memory::free);
        if (!keep) {
            memory.free();
        }
    }

    /** Frees what is kept; a lent buffer is freed when it comes back. */
    @Override
    public void close() {
        List<FlightBuffer.Memory> free = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            kept.forEach(list -> {
                free.addAll(list);
                list.clear();
            });
            keptBytes = 0;
        } finally {
            lock.unlock();
        }
        free.forEach(FlightBuffer.Memory::free);
    }

    private FlightBuffer.Memory take(int sizeClass, long size, Duration patience, List<FlightBuffer.Memory> surplus)
            throws IOException, InterruptedException {
        long nanos = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (lentBytes + size > budgetBytes) {
                if (nanos <= 0) {
                    throw new IOException("no flight buffer became free in " + patience.toSeconds() + " s: all "
                            + budgetBytes + " bytes are held by flights and readers; raise store.flight-budget");
                }
                nanos = freed.awaitNanos(nanos);
            }
            lentBytes += size;
            FlightBuffer.Memory known = kept.get(sizeClass).poll();
            if (known != null) {
                keptBytes -= size;
                return known;
            }
            dropKeptBeyond(budgetBytes - lentBytes, surplus);
        } finally {
            lock.unlock();
        }
        return allocate(size);
    }

    @SuppressWarnings("MustBeClosedChecker") // Memory owns the arena and closes it in free.
    private static FlightBuffer.Memory allocate(long size) {
        Arena arena = Arena.ofShared();
        return new FlightBuffer.Memory(arena, arena.allocate(size, ALIGNMENT));
    }

    /** Kept buffers, largest first, make room for lent ones and for the size that is in use now. */
    private void dropKeptBeyond(long room, List<FlightBuffer.Memory> surplus) {
        for (int i = SIZES - 1; i >= 0 && keptBytes > room; i--) {
            Deque<FlightBuffer.Memory> list = kept.get(i);
            while (keptBytes > room && !list.isEmpty()) {
                FlightBuffer.Memory memory = list.pop();
                keptBytes -= memory.bytes();
                surplus.add(memory);
            }
        }
    }

    private static int sizeClass(long bytes) {
        return bytes <= LEAST_BYTES ? 0 : 64 - Long.numberOfLeadingZeros((bytes - 1) / LEAST_BYTES);
    }
}
