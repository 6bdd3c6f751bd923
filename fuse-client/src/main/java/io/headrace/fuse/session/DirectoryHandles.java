package io.headrace.fuse.session;

import io.headrace.fuse.kernel.Errno;
import io.headrace.protocol.Namespace;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Opened directories by handle. Thread-safe. */
final class DirectoryHandles implements AutoCloseable {
    private final Namespace namespace;
    private final int limit;
    private final AtomicLong lastHandle;
    private final ConcurrentHashMap<Long, DirectoryHandle> open = new ConcurrentHashMap<>();

    /** @param generation how many processes served this mount before: handles of each are apart */
    DirectoryHandles(Namespace namespace, int limit, int generation) {
        this.namespace = namespace;
        this.limit = limit;
        this.lastHandle = new AtomicLong((long) generation << 40);
    }

    long open(long nodeId) throws IOException {
        if (open.size() >= limit) {
            throw new RequestFailure(Errno.ENFILE);
        }
        long handle = lastHandle.incrementAndGet();
        open.put(handle, new DirectoryHandle(namespace, NodeId.entryId(nodeId)));
        return handle;
    }

    /** A handle that this process did not open came from the one before: the directory is opened again. */
    DirectoryHandle find(long handle, long nodeId) throws IOException {
        DirectoryHandle known = open.get(handle);
        if (known != null) {
            return known;
        }
        DirectoryHandle opened = new DirectoryHandle(namespace, NodeId.entryId(nodeId));
        DirectoryHandle raced = open.putIfAbsent(handle, opened);
        if (raced != null) {
            opened.close();
            return raced;
        }
        return opened;
    }

    void release(long handle) {
        DirectoryHandle released = open.remove(handle);
        if (released != null) {
            released.close();
        }
    }

    int size() {
        return open.size();
    }

    @Override
    public void close() {
        open.keySet().forEach(this::release);
    }
}
