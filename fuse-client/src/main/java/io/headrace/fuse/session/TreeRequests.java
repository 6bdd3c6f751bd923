package io.headrace.fuse.session;

import io.headrace.fuse.kernel.Attributes;
import io.headrace.fuse.kernel.DirectoryBlock;
import io.headrace.fuse.kernel.Errno;
import io.headrace.fuse.kernel.NodeReply;
import io.headrace.fuse.kernel.Reply;
import io.headrace.fuse.kernel.Request;
import io.headrace.fuse.kernel.RequestHeader;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.Entry;
import io.headrace.protocol.Entry.DirectoryEntry;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.Namespace.NamespaceTotals;
import java.io.IOException;
import java.util.Optional;

/** Answers what is asked about names, attributes and directories. Thread-safe. */
final class TreeRequests {
    private final Tree tree;
    private final DirectoryHandles directories;
    private final FileRequests files;

    TreeRequests(Tree tree, DirectoryHandles directories, FileRequests files) {
        this.tree = tree;
        this.directories = directories;
        this.files = files;
    }

    void lookup(RequestHeader header, Bytes name, Reply reply) throws IOException {
        if (name.length() > EntryName.MAX_BYTES) {
            throw new RequestFailure(Errno.ENAMETOOLONG);
        }
        if (!EntryName.isValid(name)) {
            throw new RequestFailure(Errno.ENOENT);
        }
        Optional<Entry> found = tree.lookup(header.nodeId(), new EntryName(name));
        if (found.isEmpty()) {
            reply.node(header.unique(), tree.absent());
            return;
        }
        Entry entry = found.get();
        long node = switch (entry) {
            case DirectoryEntry directory -> NodeId.served(directory.id());
            case FileEntry file -> files.nodeForLookup(file);
        };
        reply.node(header.unique(), tree.node(entry, node));
    }

    void attributes(RequestHeader header, Reply reply) throws IOException {
        Attributes attributes = tree.attributes(header.nodeId());
        reply.attributes(header.unique(), tree.attributesValidMillis(attributes), attributes);
    }

    void openDirectory(RequestHeader header, Reply reply) throws IOException {
        long handle = directories.open(header.nodeId());
        if (!reply.opened(header.unique(), handle, Reply.OPEN_CACHE_DIR | Reply.OPEN_KEEP_CACHE, 0)) {
            directories.release(handle);
        }
    }

    void readDirectory(RequestHeader header, Request.ReadDirectory read, Reply reply) throws IOException {
        DirectoryHandle handle = directories.find(read.handle(), header.nodeId());
        DirectoryBlock block = reply.directoryBlock(read.size(), read.withAttributes());
        handle.read(read.offset(), block, tree, this::listed);
        reply.directory(header.unique(), block);
    }

    /** A listing gives the node under which a file is known; it does not open files to learn more. */
    private NodeReply listed(Entry entry) {
        tree.keep(entry);
        long node = switch (entry) {
            case DirectoryEntry directory -> NodeId.served(directory.id());
            case FileEntry file -> files.nodeForListing(file);
        };
        return tree.node(entry, node);
    }

    void releaseDirectory(RequestHeader header, long handle, Reply reply) {
        directories.release(handle);
        reply.status(header.unique(), 0);
    }

    void fileSystem(RequestHeader header, Reply reply) {
        NamespaceTotals totals = tree.namespace().totals();
        reply.fileSystem(header.unique(), totals.bytes(), totals.files() + totals.directories());
    }
}
