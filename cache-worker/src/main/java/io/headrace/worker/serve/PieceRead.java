package io.headrace.worker.serve;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.block.BlockRequest;
import io.headrace.protocol.block.Failure;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.block.ResponseHead;
import io.headrace.protocol.block.Status;
import io.headrace.store.PinnedBytes;
import io.headrace.store.ReadCompletion;
import io.headrace.store.UnreadableBytesException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** One frame's bytes, on their way out of the store. */
final class PieceRead implements ReadCompletion, Runnable {
    private final StoreReads reads;
    private final Slot slot;
    private final BlockRequest.Read request;
    private final ServedFile file;
    private final ByteRange range;
    private final boolean hinted;
    private final Consumer<Frame> filled;
    private final AtomicBoolean done = new AtomicBoolean();
    private volatile boolean rechecked;
    private volatile boolean kept;

    /**
     * Takes over one use of the file.
     *
     * @param filled takes the frame, on any thread, once
     */
    PieceRead(StoreReads reads, Slot slot, Piece piece, Consumer<Frame> filled) {
        this.reads = reads;
        this.slot = slot;
        this.request = piece.request();
        this.file = piece.file();
        this.range = piece.range();
        this.hinted = piece.hinted();
        this.filled = filled;
    }

    /**
     * What to read.
     *
     * @param range inside one block
     * @param hinted the client hears of hot blocks
     */
    record Piece(BlockRequest.Read request, ServedFile file, ByteRange range, boolean hinted) {}

    void start() {
        reads.run(this::failed, this);
    }

    @Override
    public void run() {
        if (slot.isAbandoned()) {
            releaseFile();
            return;
        }
        if (request.terms().reason() == FetchReason.REPAIR && !rechecked) {
            recheck();
            return;
        }
        try {
            Optional<PinnedBytes> here = file.file().readNow(range);
            if (here.isPresent()) {
                kept = true;
                succeeded(here.get());
            } else if (request.terms().reach() == Reach.ORIGIN) {
                file.file().read(range, this);
            } else {
                // The store knows of one source, which ends at the origin: what it lacks is out of any lesser reach.
                failed(Failure.of(Status.NOT_HERE, range + " is not cached here"));
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    @Override
    public void succeeded(PinnedBytes bytes) {
        if (slot.isAbandoned()) {
            bytes.close();
            releaseFile();
            return;
        }
        int crc;
        try {
            crc = reads.crc(bytes);
        } catch (UnreadableBytesException damaged) {
            bytes.close();
            if (rechecked) {
                failed(damaged);
            } else {
                reads.run(this::failed, this::recheck);
            }
            return;
        } catch (IOException e) {
            bytes.close();
            failed(e);
            return;
        }
        int length = Math.toIntExact(range.length());
        int spread = spread(length);
        releaseFile();
        filled.accept(Frame.data(
                ResponseHead.data(request, range.offset(), length, crc).withSpread(spread), bytes));
    }

    /**
     * What to tell the client of the block's owners. Peers' questions are no demand. Nothing is told of a block that is not
     * kept here yet: another owner would not find it here, and would ask the origin.
     */
    private int spread(int length) {
        if (request.terms().reach() != Reach.ORIGIN) {
            return 0;
        }
        int spread = reads.demand().given(file.key(), Blocks.indexAt(range.offset()), length);
        if (spread == 0 || !hinted || !kept) {
            return 0;
        }
        reads.demand().told();
        return spread;
    }

    /** What is damaged is dropped, so that it is fetched when it is read now. */
    private void recheck() {
        rechecked = true;
        try {
            boolean _ = file.file().recheck(range);
        } catch (IOException e) {
            failed(e);
            return;
        }
        run();
    }

    @Override
    public void failed(IOException failure) {
        failed(Failure.of(failure));
    }

    private void failed(Failure failure) {
        if (releaseFile()) {
            filled.accept(Frame.failed(request, failure));
        }
    }

    /** False when it was done before: a task may fail unexpectedly after its outcome. */
    private boolean releaseFile() {
        boolean first = done.compareAndSet(false, true);
        if (first) {
            file.release();
        }
        return first;
    }
}
