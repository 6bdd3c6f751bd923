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
    private final ReadCompletion completion;
    private final List<Part> parts = new ArrayList<>();
    private final AtomicReferenceArray<@Nullable HeldBytes> held;
    private final AtomicInteger missing;
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

    /** Takes over one use of the file. */
    PendingRead(StoredFile file, ByteRange range, ReadCompletion completion) {
        this.file = file;
        this.completion = completion;
        int first = Blocks.indexAt(range.offset());
        int last = Blocks.indexAt(range.end() - 1);
        for (int block = first; block <= last; block++) {
            ByteRange whole = Blocks.range(block, file.version().lengthBytes());
            parts.add(new Part(parts.size(), block, whole.offset(), range.clippedTo(whole)));
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
    private final class Part implements Passenger {
        private final int index;
        private final int block;
        private final long blockStart;
        private final ByteRange range;

        Part(int index, int block, long blockStart, ByteRange range) {
            this.index = index;
            this.block = block;
            this.blockStart = blockStart;
            this.range = range;
        }

        /** Pins what is here, else boards; a block that comes and goes meanwhile makes it try again. */
        void get() {
            try {
                Optional<HeldBytes> pin;
                do {
                    pin = file.pin(block, range);
                } while (pin.isEmpty() && !file.board(block, this, FetchReason.DEMAND));
                pin.ifPresent(bytes -> hold(index, bytes));
            } catch (IOException e) {
                fail(e);
            }
        }

        @Override
        public int neededBytes() {
            return Math.toIntExact(range.end() - blockStart);
        }

        @Override
        public boolean arrived(FlightBuffer buffer) {
            if (missing.get() > 1) {
                return false;
            }
            hold(index, new HeldBuffer(buffer.retain(), slice(buffer)));
            return true;
        }

        @Override
        public void landed(FlightBuffer buffer, boolean kept) {
            Optional<HeldBytes> pin;
            try {
                pin = file.pin(block, range);
            } catch (IOException e) {
                fail(e);
                return;
            }
            if (pin.isPresent()) {
                hold(index, pin.get());
            } else if (!arrived(buffer)) {
                hold(index, CopiedBytes.of(slice(buffer)));
            }
        }

        @Override
        public void failed(IOException reason) {
            fail(reason);
        }

        private MemorySegment slice(FlightBuffer buffer) {
            return buffer.segment().asSlice(range.offset() - blockStart, range.length());
        }
    }
}
