package io.headrace.fuse.session;

import io.headrace.fuse.kernel.Errno;
import io.headrace.fuse.kernel.Reply;
import io.headrace.fuse.kernel.RequestHeader;
import io.headrace.protocol.ByteRange;
import io.headrace.store.PinnedBytes;
import io.headrace.store.ReadCompletion;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A READ whose bytes are on their way; answered once, by whichever thread has them or breaks it off. */
final class PendingRead implements ReadCompletion {
    private static final Logger LOG = LoggerFactory.getLogger(PendingRead.class);

    private final RequestHeader header;
    private final OpenFile file;
    private final ByteRange range;
    private final ServedReads reads;
    private final AtomicBoolean answered = new AtomicBoolean();
    private volatile boolean interrupted;

    PendingRead(RequestHeader header, OpenFile file, ByteRange range, ServedReads reads) {
        this.header = header;
        this.file = file;
        this.range = range;
        this.reads = reads;
    }

    long unique() {
        return header.unique();
    }

    int process() {
        return header.process();
    }

    boolean isInterrupted() {
        return interrupted;
    }

    void markInterrupted() {
        interrupted = true;
    }

    @Override
    public void succeeded(PinnedBytes bytes) {
        try (bytes) {
            if (answered.compareAndSet(false, true)) {
                MappedAnswer answer = new MappedAnswer(header.unique(), file, range);
                reads.answer(this, reply -> reads.count(range, answer.write(reply, bytes)));
            }
        } finally {
            reads.finished(this, file);
        }
    }

    @Override
    public void failed(IOException failure) {
        try {
            if (answered.compareAndSet(false, true)) {
                int errno = RequestFailure.errnoOfRead(failure);
                LOG.warn("reading {} of {} failed: {}", range, file.entry().version(), failure.toString());
                reads.answerFailure(this, errno);
            }
        } finally {
            reads.finished(this, file);
        }
    }

    /** The store's read goes on; whoever asked for it does not wait any more. */
    void endByInterrupt() {
        if (answered.compareAndSet(false, true)) {
            reads.answerFailure(this, Errno.EINTR);
        }
    }

    interface Answer {
        void write(Reply reply);
    }
}
