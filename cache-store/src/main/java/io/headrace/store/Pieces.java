package io.headrace.store;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.RangeSource;
import io.headrace.store.flight.Flight;
import io.headrace.store.flight.FlightPlan;
import io.headrace.store.flight.Passenger;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Parts of one file's absent blocks, fetched past the tiers for readers who jump about: one flight for each piece at most,
 * which others who want the same piece join. A piece is remembered for a while and never counts as kept. Thread-safe.
 *
 * <p>What a block may cost so is bounded: when pieces of more than an eighth of it were fetched, it comes whole, so that
 * no block is paid for more than 1 1/8 times, however its readers go on.
 */
final class Pieces {
    /** One request brings so much in hardly more time than a page. */
    static final int PIECE_BYTES = 64 << 10;

    private static final int SHARE_OF_BLOCK = 8;

    private final StoredFile file;
    private final RecentPieces recent;
    private final ConcurrentHashMap<ByteRange, Flight> flights = new ConcurrentHashMap<>();

    /** Bytes of a block that came in pieces since it was last fetched whole. */
    private final ConcurrentHashMap<Integer, Long> fetched = new ConcurrentHashMap<>();

    Pieces(StoredFile file, RecentPieces recent) {
        this.file = file;
        this.recent = recent;
    }

    /** The whole pieces that the part of a block lies in. */
    static ByteRange around(ByteRange part, ByteRange block) {
        long start = part.offset() / PIECE_BYTES * PIECE_BYTES;
        long end = Math.ceilDiv(part.end(), PIECE_BYTES) * PIECE_BYTES;
        return ByteRange.between(start, end).clippedTo(block);
    }

    /** A copy of a part of a piece that came lately. */
    Optional<HeldBytes> find(ByteRange piece, ByteRange part) {
        return recent.find(file.version(), piece)
                .map(bytes -> CopiedBytes.of(bytes.asSlice(part.offset() - piece.offset(), part.length())));
    }

    /** Whether the piece is to be fetched alone: its block neither is here, nor coming, nor worth its bytes by now. */
    boolean suffices(ByteRange piece) {
        int block = Blocks.indexAt(piece.offset());
        long share = Blocks.range(block, file.version().lengthBytes()).length() / SHARE_OF_BLOCK;
        return fetched.getOrDefault(block, 0L) + piece.length() <= share && !file.isComing(block);
    }

    /**
     * Lets the passenger wait for the piece, on the flight that there is or a new one.
     *
     * @return false when the piece came meanwhile, and may be found; the passenger was told nothing
     */
    boolean board(ByteRange piece, Passenger passenger) {
        while (true) {
            Flight known = flights.get(piece);
            if (known != null) {
                if (known.board(passenger)) {
                    return true;
                }
                flights.remove(piece, known);
            }
            Optional<Flight> fresh = newFlight(piece);
            if (fresh.isPresent()) {
                fresh.get().board(passenger);
                file.context().scheduler().submit(fresh.get());
                return true;
            }
            if (recent.holds(file.version(), piece)) {
                return false;
            }
        }
    }

    /** What was begun serves those who wait, and is not remembered. */
    void beginTerm() {
        flights.clear();
        recent.forget(file.version());
    }

    /** The block is fetched whole. */
    void forget(int block) {
        fetched.remove(block);
    }

    private Optional<Flight> newFlight(ByteRange piece) {
        Flight fresh = file.context().scheduler().plan(new PieceFlight(piece, file.source()), FetchReason.DEMAND);
        boolean[] mine = new boolean[1];
        flights.computeIfAbsent(piece, wanted -> {
            mine[0] = !recent.holds(file.version(), wanted);
            return mine[0] ? fresh : null;
        });
        if (!mine[0]) {
            return Optional.empty();
        }
        file.retain();
        fetched.merge(Blocks.indexAt(piece.offset()), piece.length(), Long::sum);
        return Optional.of(fresh);
    }

    private final class PieceFlight implements FlightPlan {
        private final ByteRange piece;
        private final RangeSource from;
        private final int begun = file.term();
        private final AtomicBoolean ended = new AtomicBoolean();

        PieceFlight(ByteRange piece, RangeSource from) {
            this.piece = piece;
            this.from = from;
        }

        @Override
        public FileVersion version() {
            return file.version();
        }

        @Override
        public ByteRange range() {
            return piece;
        }

        @Override
        public RangeSource source() {
            return from;
        }

        @Override
        public boolean isRepair() {
            return false;
        }

        /** No tier has it; who asks for it again soon finds it nevertheless. */
        @Override
        public boolean keep(MemorySegment bytes, int crc) {
            recent.add(file.version(), piece, bytes);
            if (file.term() != begun) {
                recent.forget(file.version());
            }
            return false;
        }

        @Override
        public void ended(Flight flight) {
            if (ended.compareAndSet(false, true)) {
                flights.remove(piece, flight);
                file.release();
            }
        }
    }
}
