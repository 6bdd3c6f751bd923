package io.headrace.store;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One opening of a version. */
final class OpenFile implements CachedFile {
    private final StoredFile file;
    private final AtomicReference<@Nullable Runnable> whenComplete = new AtomicReference<>();
    private final AtomicBoolean told = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Takes over one use of the file. */
    OpenFile(StoredFile file) {
        this.file = file;
    }

    @Override
    public FileVersion version() {
        return file.version();
    }

    @Override
    public Optional<PinnedBytes> readNow(ByteRange range) throws IOException {
        requireOpen();
        file.retain();
        Optional<PinnedBytes> bytes = pinAll(range);
        if (bytes.isEmpty()) {
            file.release();
        }
        return bytes;
    }

    @Override
    public void read(ByteRange range, ReadCompletion completion) {
        read(range, false, completion);
    }

    @Override
    public void readExactly(ByteRange range, ReadCompletion completion) {
        read(range, true, completion);
    }

    private void read(ByteRange range, boolean exactly, ReadCompletion completion) {
        if (closed.get()) {
            completion.failed(closedFile());
            return;
        }
        file.retain();
        new PendingRead(file, range, exactly, completion).start();
    }

    @Override
    public void prefetch(ByteRange range, FetchReason reason) {
        ByteRange inside = range.clippedTo(version().wholeFile());
        if (closed.get() || inside.isEmpty()) {
            return;
        }
        file.retain();
        file.context().scheduler().submitAhead(new AheadSeries(file, inside, reason), reason);
    }

    @Override
    public void load(ByteRange range, FetchReason reason, FetchProgress progress)
            throws IOException, InterruptedException {
        requireOpen();
        ByteRange inside = range.clippedTo(version().wholeFile());
        if (!inside.isEmpty()) {
            new Loading(file, inside, reason, progress).run();
        }
    }

    @Override
    public boolean recheck(ByteRange range) throws IOException {
        requireOpen();
        ByteRange inside = range.clippedTo(version().wholeFile());
        boolean sound = true;
        file.retain();
        try {
            for (int block = Blocks.indexAt(inside.offset());
                    block < Blocks.count(version().lengthBytes())
                            && Blocks.range(block, version().lengthBytes()).offset() < inside.end();
                    block++) {
                sound &= file.recheck(block);
            }
        } finally {
            file.release();
        }
        return !sound;
    }

    @Override
    public Residency residency() {
        return file.residency();
    }

    @Override
    public boolean isComplete() {
        return file.isComplete();
    }

    @Override
    public void whenComplete(Runnable listener) {
        if (!whenComplete.compareAndSet(null, listener)) {
            throw new IllegalStateException("an open file has one listener at most");
        }
        if (isComplete()) {
            completed();
        }
    }

    /** Tells the listener, the first time. */
    void completed() {
        Runnable listener = whenComplete.get();
        if (listener != null && told.compareAndSet(false, true)) {
            listener.run();
        }
    }

    @Override
    public Optional<BackingFile> handOut() throws IOException {
        requireOpen();
        return file.lend();
    }

    @Override
    public Optional<LeasedFile> lease(int block) throws IOException {
        requireOpen();
        return file.lease(block);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            file.closed(this);
        }
    }

    private Optional<PinnedBytes> pinAll(ByteRange range) throws IOException {
        int first = Blocks.indexAt(range.offset());
        int last = Blocks.indexAt(range.end() - 1);
        List<HeldBytes> pins = new ArrayList<>(last - first + 1);
        for (int block = first; block <= last; block++) {
            ByteRange part = range.clippedTo(Blocks.range(block, version().lengthBytes()));
            Optional<HeldBytes> pin = file.pin(block, part);
            if (pin.isEmpty()) {
                pins.forEach(HeldBytes::release);
                return Optional.empty();
            }
            pins.add(pin.get());
        }
        return Optional.of(new HeldRange(file, pins));
    }

    private void requireOpen() throws IOException {
        if (closed.get()) {
            throw closedFile();
        }
    }

    private IOException closedFile() {
        return new IOException(version() + " was closed");
    }
}
