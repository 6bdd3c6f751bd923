package io.headrace.fuse.session;

import io.headrace.protocol.Namespace;

/**
 * The kernel's number of a file or directory, computed from the entry's id and the way it is read, so that a successor
 * computes the same. A file has two, one for each way, because the kernel lets one inode be read in one way at a time:
 * even numbers are served (and directories), odd ones passed through. The root is 1, as the kernel demands.
 */
final class NodeId {
    static final long ROOT = 1;

    private NodeId() {}

    static long served(long entryId) {
        return entryId == Namespace.ROOT_ID ? ROOT : entryId << 1;
    }

    static long passedThrough(long entryId) {
        return entryId << 1 | 1;
    }

    static boolean isPassedThrough(long nodeId) {
        return (nodeId & 1) == 1 && nodeId != ROOT;
    }

    static long entryId(long nodeId) {
        return nodeId == ROOT ? Namespace.ROOT_ID : nodeId >>> 1;
    }
}
