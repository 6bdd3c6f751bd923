package io.headrace.worker.serve;

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
    private final Consumer<Frame> filled;
    private final AtomicBoolean done = new AtomicBoolean();
    private volatile boolean rechecked;

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
        this.filled = filled;
    }

    /** What to read. */
    record Piece(BlockRequest.Read request, ServedFile file, ByteRange range) {}

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
        if (request.terms().reach() == Reach.ORIGIN) {
            file.file().read(range, this);
            return;
        }
        // The store knows of one source, which ends at the origin: what it lacks is out of any lesser reach.
        try {
            Optional<PinnedBytes> here = file.file().readNow(range);
            if (here.isPresent()) {
                succeeded(here.get());
            } else {
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
        releaseFile();
        int length = Math.toIntExact(range.length());
        filled.accept(Frame.data(ResponseHead.data(request, range.offset(), length, crc), bytes));
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
