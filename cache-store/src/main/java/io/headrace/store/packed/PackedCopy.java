package io.headrace.store.packed;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A small file that lies in a slab, with the readers of its bytes. Thread-safe. There is one object a stored file while
 * anybody reads it, so that the last reader of a dropped one is known.
 */
public final class PackedCopy {
    private static final int DROPPED = 1;
    private static final int ONE_PIN = 2;

    private final PackedPlace place;

    /** Pins above, whether it was dropped in the lowest bit. */
    private final AtomicInteger state = new AtomicInteger();

    private volatile long usedMillis;

    PackedCopy(PackedPlace place, long usedMillis) {
        this.place = place;
        this.usedMillis = usedMillis;
    }

    byte[] encode() {
        ByteBuffer into = ByteBuffer.allocate(PackedPlace.ENCODED_BYTES + Long.BYTES);
        place.encode(into);
        return into.putLong(usedMillis).array();
    }

    /** Empty when the bytes are none. */
    static Optional<PackedCopy> decode(byte[] bytes) {
        if (bytes.length != PackedPlace.ENCODED_BYTES + Long.BYTES) {
            return Optional.empty();
        }
        ByteBuffer from = ByteBuffer.wrap(bytes);
        return Optional.of(new PackedCopy(PackedPlace.decode(from), from.getLong()));
    }

    public PackedPlace place() {
        return place;
    }

    /** When it was last used, as the index knows it; milliseconds since 1970. */
    public long usedMillis() {
        return usedMillis;
    }

    void usedAt(long millis) {
        usedMillis = millis;
    }

    /** False once it was dropped. */
    boolean tryPin() {
        while (true) {
            int now = state.get();
            if ((now & DROPPED) != 0) {
                return false;
            }
            if (state.compareAndSet(now, now + ONE_PIN)) {
                return true;
            }
        }
    }

    /** @return true for the one caller that gives the place back */
    boolean unpin() {
        return state.addAndGet(-ONE_PIN) == DROPPED;
    }

    /** @return true for the one caller that gives the place back; otherwise that is the last reader's to do */
    boolean drop() {
        return state.getAndUpdate(before -> before | DROPPED) == 0;
    }
}
