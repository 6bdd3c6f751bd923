package io.headrace.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The pieces that came last, of all files of a store, so that looking around in one place costs one request. At most
 * {@value #MOST_PIECES} of {@value Pieces#PIECE_BYTES} bytes, which are on the heap. Thread-safe.
 */
final class RecentPieces {
    static final int MOST_PIECES = 64;

    private record Piece(FileVersion version, ByteRange range) {}

    private final Counter fetched;

    @GuardedBy("this")
    private final Map<Piece, MemorySegment> pieces = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Piece, MemorySegment> eldest) {
            return size() > MOST_PIECES;
        }
    };

    RecentPieces(MeterRegistry meters) {
        this.fetched = meters.counter("headrace.store.pieces.bytes");
    }

    /** Its bytes, which stay as they are. */
    synchronized Optional<MemorySegment> find(FileVersion version, ByteRange range) {
        return Optional.ofNullable(pieces.get(new Piece(version, range)));
    }

    synchronized boolean holds(FileVersion version, ByteRange range) {
        return pieces.containsKey(new Piece(version, range));
    }

    /** The version is evicted. */
    synchronized void forget(FileVersion version) {
        pieces.keySet().removeIf(piece -> piece.version().equals(version));
    }

    /** Copies the bytes of a piece that was fetched; one of unusual length is only counted. */
    void add(FileVersion version, ByteRange range, MemorySegment bytes) {
        fetched.increment((double) bytes.byteSize());
        if (bytes.byteSize() <= Pieces.PIECE_BYTES) {
            MemorySegment copy =
                    MemorySegment.ofArray(bytes.toArray(ValueLayout.JAVA_BYTE)).asReadOnly();
            synchronized (this) {
                pieces.put(new Piece(version, range), copy);
            }
        }
    }
}
