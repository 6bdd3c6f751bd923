package io.headrace.fuse.session;

import io.headrace.fuse.FuseSettings;
import io.headrace.fuse.kernel.Errno;
import io.headrace.fuse.kernel.Reply;
import io.headrace.fuse.kernel.Request;
import io.headrace.fuse.kernel.RequestHeader;
import io.headrace.protocol.Entry.FileEntry;
import java.io.IOException;
import java.util.Optional;

/**
 * Opens, reads and closes files, and decides for each open how it is read. Thread-safe.
 *
 * <p>An open that finds the wrong node for the file's state (served, though the file is complete by now; passed through,
 * though it was evicted) is answered ESTALE: the kernel then looks the name up again, once, without the caller seeing
 * anything (fs/namei.c, {@code LOOKUP_REVAL}), and the lookup gives the right node.
 */
final class FileRequests {
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    private final Tree tree;
    private final OpenFiles openFiles;
    private final Backings backings;
    private final ServedReads reads;
    private final Invalidations invalidations;
    private final FuseMetrics metrics;
    private final long smallFileBytes;
    private final int servedFlags;

    FileRequests(
            Tree tree,
            OpenFiles openFiles,
            Backings backings,
            ServedReads reads,
            Invalidations invalidations,
            FuseMetrics metrics,
            FuseSettings settings) {
        this.tree = tree;
        this.openFiles = openFiles;
        this.backings = backings;
        this.reads = reads;
        this.invalidations = invalidations;
        this.metrics = metrics;
        this.smallFileBytes = settings.smallFile().bytes();
        this.servedFlags = Reply.OPEN_NOFLUSH | (settings.directReads() ? Reply.OPEN_DIRECT_IO : Reply.OPEN_KEEP_CACHE);
    }

    long nodeForLookup(FileEntry file) {
        boolean passedThrough = isLarge(file) && backings.prepareForLookup(file);
        return passedThrough ? NodeId.passedThrough(file.id()) : NodeId.served(file.id());
    }

    long nodeForListing(FileEntry file) {
        return backings.isActive(file.id()) ? NodeId.passedThrough(file.id()) : NodeId.served(file.id());
    }

    void open(RequestHeader header, Request.Open open, Reply reply) throws IOException {
        if (open.isForWriting()) {
            throw new RequestFailure(Errno.EROFS);
        }
        FileEntry file = tree.file(header.nodeId());
        if (NodeId.isPassedThrough(header.nodeId())) {
            openPassedThrough(header, file, reply);
        } else {
            openServed(header, file, reply);
        }
    }

    private void openPassedThrough(RequestHeader header, FileEntry file, Reply reply) throws IOException {
        Optional<Integer> backing = backings.open(file);
        if (backing.isEmpty()) {
            backings.refusedPassedThrough(file);
            throw new RequestFailure(Errno.ESTALE);
        }
        int flags = Reply.OPEN_PASSTHROUGH | Reply.OPEN_NOFLUSH;
        metrics.openedPassedThrough();
        if (!reply.opened(header.unique(), header.nodeId(), flags, backing.get())) {
            backings.closed(file.id());
        }
    }

    private void openServed(RequestHeader header, FileEntry file, Reply reply) throws IOException {
        boolean mayPass = isLarge(file) && backings.isAvailable();
        boolean otherNodeIsBetter = mayPass && backings.isReady(file);
        if (otherNodeIsBetter && !openFiles.isOpen(file.id()) && backings.redirect(file)) {
            throw new RequestFailure(Errno.ESTALE);
        }
        OpenFile opened = openFiles.retain(file);
        opened.opened();
        boolean taken = false;
        try {
            if (otherNodeIsBetter) {
                // Somebody reads it served; who opens it by name from now on shall find the other node.
                invalidations.modeChanged(file);
            } else if (mayPass && !opened.cached().isComplete() && opened.startWatching()) {
                opened.cached().whenComplete(() -> invalidations.modeChanged(file));
            }
            metrics.openedServed(reason(file, opened, otherNodeIsBetter));
            taken = reply.opened(header.unique(), header.nodeId(), servedFlags, 0);
        } finally {
            if (!taken) {
                openFiles.closed(file.id());
            }
        }
    }

    private String reason(FileEntry file, OpenFile opened, boolean otherNodeIsBetter) throws IOException {
        if (!isLarge(file)) {
            return "small";
        }
        if (!backings.isAvailable()) {
            return "unavailable";
        }
        if (otherNodeIsBetter) {
            return "open-before-complete";
        }
        return opened.cached().isComplete() ? "not-lent" : "incomplete";
    }

    private boolean isLarge(FileEntry file) {
        return file.version().lengthBytes() > smallFileBytes;
    }

    void read(RequestHeader header, Request.Read read, Reply reply) throws IOException {
        Optional<OpenFile> known = openFiles.retainKnown(NodeId.entryId(header.nodeId()));
        OpenFile file = known.isPresent() ? known.get() : openFiles.retain(tree.file(header.nodeId()));
        try {
            reads.read(header, read, file, reply);
        } finally {
            openFiles.release(file);
        }
    }

    void release(RequestHeader header, Reply reply) {
        long id = NodeId.entryId(header.nodeId());
        if (!NodeId.isPassedThrough(header.nodeId())) {
            openFiles.closed(id);
        } else if (!header.isResent()) {
            // A resent one may have been counted by the process before: better one open too many than too few.
            backings.closed(id);
        }
        reply.status(header.unique(), 0);
    }

    /** Every byte of a file is data; the hole is at its end (lseek(2)). */
    void seek(RequestHeader header, Request.Seek seek, Reply reply) throws IOException {
        long length = tree.file(header.nodeId()).version().lengthBytes();
        if (seek.whence() != SEEK_DATA && seek.whence() != SEEK_HOLE) {
            throw new RequestFailure(Errno.EINVAL);
        }
        if (seek.offset() < 0 || seek.offset() >= length) {
            throw new RequestFailure(Errno.ENXIO);
        }
        reply.position(header.unique(), seek.whence() == SEEK_DATA ? seek.offset() : length);
    }
}
