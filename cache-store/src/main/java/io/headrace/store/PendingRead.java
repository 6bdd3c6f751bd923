package io.headrace.store;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.store.flight.FlightBuffer;
import io.headrace.store.flight.Passenger;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * One read that waits for blocks. Each block is a part; the read completes when the last part is held or has failed.
 *
 * <p>Only the last part that is missing is held in a flight's buffer: the others wait until their block is in a tier
 * and are pinned there, so that no read holds a buffer while it waits for another flight, which would need one too.
 */
final class PendingRead {
    private final StoredFile file;
    private final boolean exactly;
    private final ReadCompletion completion;
    private final List<Part> parts = new ArrayList<>();
    private final AtomicReferenceArray<@Nullable HeldBytes> held;
    private final AtomicInteger missing;
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

    /**
     * Takes over one use of the file.
     *
     * @param exactly fetches pieces where they suffice
     */
    PendingRead(StoredFile file, ByteRange range, boolean exactly, ReadCompletion completion) {
        this.file = file;
        this.exactly = exactly;
        this.completion = completion;
        int first = Blocks.indexAt(range.offset());
        int last = Blocks.indexAt(range.end() - 1);
        for (int block = first; block <= last; block++) {
            ByteRange whole = Blocks.range(block, file.version().lengthBytes());
            parts.add(new Part(parts.size(), block, whole, range.clippedTo(whole)));
        }
        this.held = new AtomicReferenceArray<>(parts.size());
        this.missing = new AtomicInteger(parts.size());
    }

    void start() {
        parts.forEach(Part::get);
    }

    private void hold(int part, HeldBytes bytes) {
        held.set(part, bytes);
        partDone();
    }

    private void fail(IOException reason) {
        failure.compareAndSet(null, reason);
        partDone();
    }

    private void partDone() {
        if (missing.decrementAndGet() > 0) {
            return;
        }
        List<HeldBytes> all = new ArrayList<>(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            HeldBytes bytes = held.get(i);
            if (bytes != null) {
                all.add(bytes);
            }
        }
        IOException reason = failure.get();
        HeldRange range = new HeldRange(file, all);
        if (reason == null) {
            completion.succeeded(range);
        } else {
            range.close();
            completion.failed(reason);
        }
    }

    /** The part of the read in one block. */
    private final class Part {
        private final int index;
        private final int block;
        private final ByteRange whole;
        private final ByteRange range;

        Part(int index, int block, ByteRange whole, ByteRange range) {
            this.index = index;
            this.block = block;
            this.whole = whole;
            this.range = range;
        }

        /** Takes what is here, else boards; bytes that come and go meanwhile make it try again. */
        void get() {
            try {
                Optional<HeldBytes> here;
                do {
                    here = file.pin(block, range);
                } while (here.isEmpty() && !(exactly ? boardPiece() : boardBlock()));
                here.ifPresent(bytes -> hold(index, bytes));
            } catch (IOException e) {
                fail(e);
            }
        }

        private boolean boardBlock() {
            return file.board(block, new Seat(this, whole.offset()), FetchReason.DEMAND);
        }

        /** True when the bytes are here by now or will come; false when they are to be looked for again. */
        private boolean boardPiece() {
            ByteRange piece = Pieces.around(range, whole);
            Optional<HeldBytes> recent = file.pieces().find(piece, range);
            if (recent.isPresent()) {
                hold(index, recent.get());
                return true;
            }
            return file.pieces().suffices(piece)
                    ? file.pieces().board(piece, new Seat(this, piece.offset()))
                    : boardBlock();
        }
    }

    /** A part's place on a flight whose first byte is the file's at {@code start}. */
    private final class Seat implements Passenger {
        private final Part part;
        private final long start;

        Seat(Part part, long start) {
            this.part = part;
            this.start = start;
        }

        @Override
        public int neededBytes() {
            return Math.toIntExact(part.range.end() - start);
        }

        @Override
        public boolean arrived(FlightBuffer buffer) {
            if (missing.get() > 1) {
                return false;
            }
            hold(part.index, new HeldBuffer(buffer.retain(), slice(buffer)));
            return true;
        }

        @Override
        public void landed(FlightBuffer buffer, boolean kept) {
            Optional<HeldBytes> pin;
            try {
                pin = file.pin(part.block, part.range);
            } catch (IOException e) {
                fail(e);
                return;
            }
            if (pin.isPresent()) {
                hold(part.index, pin.get());
            } else if (!arrived(buffer)) {
                hold(part.index, CopiedBytes.of(slice(buffer)));
            }
        }

        @Override
        public void failed(IOException reason) {
            fail(reason);
        }

        private MemorySegment slice(FlightBuffer buffer) {
            return buffer.segment().asSlice(part.range.offset() - start, part.range.length());
        }
    }
}
