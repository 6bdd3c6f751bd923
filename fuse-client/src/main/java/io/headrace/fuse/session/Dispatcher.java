package io.headrace.fuse.session;

import io.headrace.fuse.kernel.Errno;
import io.headrace.fuse.kernel.MalformedRequestException;
import io.headrace.fuse.kernel.Opcode;
import io.headrace.fuse.kernel.Reply;
import io.headrace.fuse.kernel.Request;
import io.headrace.fuse.kernel.RequestDecoder;
import io.headrace.fuse.kernel.RequestHeader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each request where it is answered. Every request that the kernel waits for gets exactly one answer: what fails
 * on the way is answered with its error number here. Thread-safe.
 */
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final TreeRequests tree;
    private final FileRequests files;
    private final ExtendedAttributes extendedAttributes;
    private final PendingReads pending;
    private final FuseMetrics metrics;

    Dispatcher(
            TreeRequests tree,
            FileRequests files,
            ExtendedAttributes extendedAttributes,
            PendingReads pending,
            FuseMetrics metrics) {
        this.tree = tree;
        this.files = files;
        this.extendedAttributes = extendedAttributes;
        this.pending = pending;
        this.metrics = metrics;
    }

    void handle(MemorySegment message, Reply reply) throws MalformedRequestException {
        RequestHeader header = RequestHeader.decode(message);
        metrics.requested(header.opcode());
        try {
            answer(header, RequestDecoder.decode(header, message), reply);
        } catch (Throwable failure) {
            fail(header, failure, reply);
        }
    }

    private void answer(RequestHeader header, Request request, Reply reply) throws IOException {
        switch (request) {
            case Request.Read read -> files.read(header, read, reply);
            case Request.Lookup lookup -> tree.lookup(header, lookup.name(), reply);
            case Request.GetAttributes attributes -> tree.attributes(header, reply);
            case Request.Open open -> files.open(header, open, reply);
            case Request.Release release -> files.release(header, reply);
            case Request.OpenDirectory open -> tree.openDirectory(header, reply);
            case Request.ReadDirectory read -> tree.readDirectory(header, read, reply);
            case Request.ReleaseDirectory release -> tree.releaseDirectory(header, release.handle(), reply);
            case Request.StatFileSystem wanted -> tree.fileSystem(header, reply);
            case Request.GetExtendedAttribute wanted -> extendedAttributes.get(header, wanted, reply);
            case Request.ListExtendedAttributes list -> extendedAttributes.list(header, list.size(), reply);
            case Request.Seek seek -> files.seek(header, seek, reply);
            case Request.Interrupt interrupt -> pending.interrupt(interrupt.unique());
            case Request.Access access -> reply.status(header.unique(), access.isForWriting() ? Errno.EROFS : 0);
            // Nodes are computed, not counted: there is nothing to free.
            case Request.Forget forget -> {}
            case Request.BatchForget forget -> {}
            case Request.Synchronize synchronize -> reply.status(header.unique(), 0);
            case Request.Destroy destroy -> reply.status(header.unique(), 0);
            case Request.Modify modify -> reply.status(header.unique(), Errno.EROFS);
            case Request.ReadLink link -> reply.status(header.unique(), Errno.EINVAL);
            case Request.Ioctl ioctl -> reply.status(header.unique(), Errno.ENOTTY);
            case Request.Init late -> reply.status(header.unique(), Errno.EIO);
            case Request.Unsupported unsupported -> reply.status(header.unique(), Errno.ENOSYS);
        }
    }

    private void fail(RequestHeader header, Throwable failure, Reply reply) {
        int errno = RequestFailure.errnoOf(failure);
        metrics.failed(errno);
        if (failure instanceof MalformedRequestException) {
            metrics.malformed();
        }
        if (RequestFailure.isUnexpected(failure)) {
            LOG.warn(
                    "{} of node {} failed with {}",
                    Opcode.of(header.opcode()).map(Opcode::label).orElse("request " + header.opcode()),
                    header.nodeId(),
                    Errno.describe(errno),
                    failure);
        }
        reply.status(header.unique(), errno);
    }
}
