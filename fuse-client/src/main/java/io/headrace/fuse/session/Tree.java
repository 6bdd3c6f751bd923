package io.headrace.fuse.session;

import io.headrace.fuse.FuseSettings;
import io.headrace.fuse.kernel.Attributes;
import io.headrace.fuse.kernel.Errno;
import io.headrace.fuse.kernel.Libc;
import io.headrace.fuse.kernel.NodeReply;
import io.headrace.protocol.Entry;
import io.headrace.protocol.Entry.DirectoryEntry;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.Namespace;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** The namespace as the kernel sees it: node ids, attributes, and how long each may be believed. Thread-safe. */
final class Tree {
    /** A file's node stands for one content, so what stat(2) shows of it never changes. */
    private static final long FOREVER_MILLIS = 365L * 24 * 3600 * 1000;

    private final Namespace namespace;
    private final EntryCache recent = new EntryCache();
    private final long nameValidMillis;
    private final int fileMode;
    private final int directoryMode;
    private final int user;
    private final int group;

    Tree(Namespace namespace, FuseSettings settings) {
        this.namespace = namespace;
        this.nameValidMillis = settings.nameValidity().toMillis();
        this.fileMode = Attributes.TYPE_FILE | settings.filePermissions();
        this.directoryMode = Attributes.TYPE_DIRECTORY | settings.directoryPermissions();
        this.user = settings.uid() < 0 ? Libc.effectiveUser() : settings.uid();
        this.group = settings.gid() < 0 ? Libc.effectiveGroup() : settings.gid();
    }

    Namespace namespace() {
        return namespace;
    }

    Optional<Entry> lookup(long directoryNode, EntryName name) throws IOException {
        Optional<Entry> found = namespace.lookup(NodeId.entryId(directoryNode), name);
        found.ifPresent(recent::keep);
        return found;
    }

    /** @throws RequestFailure ESTALE when it is gone */
    Entry entry(long nodeId) throws IOException {
        long id = NodeId.entryId(nodeId);
        Optional<Entry> seen = recent.find(id);
        if (seen.isPresent()) {
            return seen.get();
        }
        Entry entry = namespace.entry(id).orElseThrow(() -> new RequestFailure(Errno.ESTALE));
        recent.keep(entry);
        return entry;
    }

    /** @throws RequestFailure ESTALE when the file is gone or was replaced, EISDIR when it is a directory */
    FileEntry file(long nodeId) throws IOException {
        if (nodeId == NodeId.ROOT) {
            throw new RequestFailure(Errno.EISDIR);
        }
        return switch (entry(nodeId)) {
            case FileEntry file -> file;
            case DirectoryEntry directory -> throw new RequestFailure(Errno.EISDIR);
        };
    }

    void keep(Entry entry) {
        recent.keep(entry);
    }

    void drop(long id) {
        recent.drop(id);
    }

    void dropAll() {
        recent.clear();
    }

    Attributes attributes(long nodeId) throws IOException {
        return nodeId == NodeId.ROOT ? root() : attributes(entry(nodeId));
    }

    Attributes attributes(Entry entry) {
        return switch (entry) {
            case FileEntry file -> attributes(file.id(), file.version().lengthBytes(), fileMode, file.modified());
            case DirectoryEntry directory -> attributes(directory.id(), 0, directoryMode, directory.modified());
        };
    }

    private Attributes root() {
        return attributes(Namespace.ROOT_ID, 0, directoryMode, namespace.rootModified());
    }

    private Attributes attributes(long inode, long sizeBytes, int mode, Instant modified) {
        return new Attributes(inode, sizeBytes, modified.getEpochSecond(), modified.getNano(), mode, user, group);
    }

    long attributesValidMillis(Attributes attributes) {
        return attributes.isDirectory() ? nameValidMillis : FOREVER_MILLIS;
    }

    NodeReply node(Entry entry, long nodeId) {
        Attributes attributes = attributes(entry);
        return new NodeReply(nodeId, nameValidMillis, attributesValidMillis(attributes), attributes);
    }

    NodeReply absent() {
        return NodeReply.absent(nameValidMillis);
    }

    /** For {@code "."} and {@code ".."}, which the kernel resolves by itself: only the inode number counts. */
    NodeReply dot(long entryId) {
        return new NodeReply(0, 0, 0, attributes(entryId, 0, directoryMode, Instant.EPOCH));
    }
}
