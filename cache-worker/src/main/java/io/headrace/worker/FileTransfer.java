package io.headrace.worker;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.RangeSource;
import io.headrace.store.BlockStore;
import io.headrace.store.CachedFile;
import io.headrace.store.FetchProgress;
import io.headrace.store.Residency;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings single files into a store, piece by piece, within the load's byte rate. Thread-safe. A piece waits for the rate
 * before it begins, so that no request slot is held idle.
 */
final class FileTransfer {
    private static final long PIECE_BYTES = 256 << 20;
    private static final long PIECE_BYTES_LIMITED = 4 << 20;

    private final BlockStore store;
    private final RangeSource source;
    private final ByteRate rate;
    private final LoadTally tally;

    FileTransfer(BlockStore store, RangeSource source, ByteRate rate, LoadTally tally) {
        this.store = store;
        this.source = source;
        this.rate = rate;
        this.tally = tally;
    }

    /** Loads a file and tells the tally how it went; ends early, saying nothing, when interrupted. */
    void load(SelectedFile file) {
        try (CachedFile cached = store.open(file.entry().version(), source)) {
            long length = file.entry().version().lengthBytes();
            for (long start = 0; start < length; start += pieceBytes()) {
                loadPiece(cached, ByteRange.between(start, Math.min(length, start + pieceBytes())));
            }
            tally.fileDone();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            if (!Thread.currentThread().isInterrupted()) {
                tally.failed(file.path(), String.valueOf(e.getMessage()));
            }
        }
    }

    boolean isCached(SelectedFile file) {
        FileVersion version = file.entry().version();
        return version.lengthBytes() == 0
                || store.residency(version).map(Residency::complete).orElse(false);
    }

    private void loadPiece(CachedFile cached, ByteRange piece) throws IOException, InterruptedException {
        rate.awaitLoad();
        AtomicLong fetched = new AtomicLong();
        FetchProgress progress = (fetchedBytes, presentBytes) -> {
            fetched.addAndGet(fetchedBytes);
            tally.advanced(fetchedBytes, presentBytes);
        };
        try {
            cached.load(piece, FetchReason.LOAD, progress);
        } finally {
            rate.charge(fetched.get());
        }
    }

    private long pieceBytes() {
        return rate.isUnlimited() ? PIECE_BYTES : PIECE_BYTES_LIMITED;
    }
}
