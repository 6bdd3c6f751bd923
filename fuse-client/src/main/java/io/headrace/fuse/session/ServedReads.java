package io.headrace.fuse.session;

import io.headrace.fuse.kernel.Errno;
import io.headrace.fuse.kernel.FuseDevice;
import io.headrace.fuse.kernel.Reply;
import io.headrace.fuse.kernel.Request;
import io.headrace.fuse.kernel.RequestHeader;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.store.CachedFile;
import io.headrace.store.PinnedBytes;
import io.headrace.store.ReadCompletion;
import io.headrace.store.UnreadableBytesException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers READs of files in served mode: at once, straight from the store's memory, when the bytes are here; by the
 * thread that brings them otherwise. Feeds what it sees to read-ahead. Thread-safe.
 */
final class ServedReads {
    private static final Logger LOG = LoggerFactory.getLogger(ServedReads.class);
    private static final int KEPT_REPLIES = 32;

    /** So few first bytes are not worth the first block, when readers begin elsewhere. */
    private static final int GLANCE_BYTES = 4096;

    private final FuseDevice device;
    private final OpenFiles files;
    private final PendingReads pending;
    private final Neighbours neighbours;
    private final FuseMetrics metrics;

    /** Replies for threads that are not ours; they come and go, their buffers stay. */
    private final ArrayBlockingQueue<Reply> spare = new ArrayBlockingQueue<>(KEPT_REPLIES);

    /** What fetches other files than the one that is read. */
    record Neighbours(SiblingPrefetch siblings, NextFilePrefetch nextFiles) {}

    ServedReads(FuseDevice device, OpenFiles files, PendingReads pending, Neighbours neighbours, FuseMetrics metrics) {
        this.device = device;
        this.files = files;
        this.pending = pending;
        this.neighbours = neighbours;
        this.metrics = metrics;
    }

    /** @param file retained by the caller, who releases it when this returns */
    void read(RequestHeader header, Request.Read read, OpenFile file, Reply reply) throws IOException {
        long length = file.entry().version().lengthBytes();
        ByteRange range = new ByteRange(read.offset(), Math.min(read.size(), Long.MAX_VALUE - read.offset()))
                .clippedTo(new ByteRange(0, length));
        if (range.isEmpty()) {
            reply.status(header.unique(), 0);
            return;
        }
        CachedFile cached = file.cached();
        file.replies().awaitOverlapping(range);
        Optional<PinnedBytes> here = cached.readNow(range);
        if (here.isPresent()) {
            count(range, new MappedAnswer(header.unique(), file, range).write(reply, here.get()));
        } else {
            PendingRead waiting = new PendingRead(header, file.retained(), range, this);
            pending.add(waiting);
            if (file.readAhead().wantsExactly(range)) {
                cached.readExactly(range, waiting);
            } else {
                cached.read(range, waiting);
            }
        }
        lookAhead(file, cached, range, here.isEmpty());
    }

    /** The request is answered, or will be: whatever goes wrong here concerns no reader. */
    private void lookAhead(OpenFile file, CachedFile cached, ByteRange range, boolean missed) {
        try {
            if (missed) {
                neighbours.siblings().missed(file.entry());
            }
            observe(file, cached, range);
        } catch (IOException | RuntimeException failure) {
            LOG.warn("nothing is read ahead in {}: {}", file.entry().version(), failure.toString());
        }
    }

    private void observe(OpenFile file, CachedFile cached, ByteRange range) {
        prefetch(cached, file.readAhead().observe(range));
        beginNextFile(file);
        if (!file.readAhead().wantedHeader().isEmpty() && file.startHeaderInspection()) {
            inspectHeader(file, cached);
        }
    }

    private void inspectHeader(OpenFile file, CachedFile cached) {
        // Asked again: another inspection may have ended since.
        ByteRange wanted = file.readAhead().wantedHeader();
        if (wanted.isEmpty()) {
            file.endHeaderInspection(true);
            return;
        }
        Inspection inspection = new Inspection(file.retained(), cached, wanted);
        if (wanted.length() <= GLANCE_BYTES) {
            cached.readExactly(wanted, inspection);
        } else {
            cached.read(wanted, inspection);
        }
    }

    private void beginNextFile(OpenFile file) {
        file.readAhead().nextFile().ifPresent(next -> neighbours.nextFiles().begin(file.entry(), next));
    }

    private static void prefetch(CachedFile cached, List<ByteRange> ranges) {
        for (int i = 0; i < ranges.size(); i++) {
            cached.prefetch(ranges.get(i), FetchReason.READ_AHEAD);
        }
    }

    void answer(PendingRead read, PendingRead.Answer answer) {
        Reply reply = spare.poll();
        Reply used = reply == null ? new Reply(device, Arena.ofAuto(), 0) : reply;
        try {
            answer.write(used);
        } catch (IllegalArgumentException tooManySegments) {
            LOG.error("request {}: {}", read.unique(), tooManySegments.getMessage());
            used.status(read.unique(), Errno.EIO);
        } finally {
            giveBack(used);
        }
    }

    private void giveBack(Reply reply) {
        if (!spare.offer(reply)) {
            LOG.trace("more than {} replies were written at once", KEPT_REPLIES);
        }
    }

    void answerFailure(PendingRead read, int errno) {
        metrics.failed(errno);
        answer(read, reply -> reply.status(read.unique(), errno));
    }

    void count(ByteRange range, boolean readable) {
        if (readable) {
            metrics.served(range.length());
        } else {
            metrics.failed(Errno.EIO);
        }
    }

    void finished(PendingRead read, OpenFile file) {
        pending.remove(read);
        files.release(file);
    }

    /** Shows a file's first bytes to its read-ahead. */
    private final class Inspection implements ReadCompletion {
        private final OpenFile file;
        private final CachedFile cached;
        private final ByteRange range;

        Inspection(OpenFile file, CachedFile cached, ByteRange range) {
            this.file = file;
            this.cached = cached;
            this.range = range;
        }

        @Override
        public void succeeded(PinnedBytes bytes) {
            try (bytes) {
                prefetch(cached, file.readAhead().inspectHeader(copied(bytes)));
                beginNextFile(file);
            } catch (UnreadableBytesException damaged) {
                LOG.warn(
                        "nothing is read off the first bytes of {}: {}",
                        file.entry().version(),
                        damaged.toString());
                dropDamaged();
            } finally {
                file.endHeaderInspection(true);
                files.release(file);
            }
        }

        @Override
        public void failed(IOException failure) {
            LOG.debug("the first bytes of {} did not come: {}", file.entry().version(), failure.toString());
            file.endHeaderInspection(false);
            files.release(file);
        }

        private void dropDamaged() {
            try {
                boolean _ = cached.recheck(range);
            } catch (IOException e) {
                LOG.warn("the first bytes of {} cannot be checked", file.entry().version(), e);
            }
        }

        private static ByteBuffer copied(PinnedBytes bytes) throws UnreadableBytesException {
            long length = bytes.segments().stream()
                    .mapToLong(segment -> segment.byteSize())
                    .sum();
            ByteBuffer copy = ByteBuffer.allocate(Math.toIntExact(length));
            bytes.copyTo(copy);
            return copy.flip().asReadOnlyBuffer();
        }
    }
}
