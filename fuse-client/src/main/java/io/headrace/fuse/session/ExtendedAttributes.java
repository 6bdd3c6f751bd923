package io.headrace.fuse.session;

import io.headrace.fuse.kernel.Errno;
import io.headrace.fuse.kernel.Reply;
import io.headrace.fuse.kernel.Request;
import io.headrace.fuse.kernel.RequestHeader;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.Entry;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.VersionTag;
import io.headrace.store.Residency;
import io.headrace.store.Tier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What {@code getfattr -d} tells of a file: {@code user.headrace.version} (the origin's tag), {@code .cached}
 * ({@code "complete"}, or kept and total bytes as {@code "4194304/16777216"}) and {@code .tier} ({@code "memory"},
 * {@code "disk"}, {@code "memory,disk"} or {@code "none"}). Directories have none.
 */
final class ExtendedAttributes {
    private static final Bytes VERSION = Bytes.utf8("user.headrace.version");
    private static final Bytes CACHED = Bytes.utf8("user.headrace.cached");
    private static final Bytes TIER = Bytes.utf8("user.headrace.tier");
    private static final Bytes USER = Bytes.utf8("user.");
    private static final byte[] NAMES =
            (VERSION + "\0" + CACHED + "\0" + TIER + "\0").getBytes(StandardCharsets.US_ASCII);

    private final Tree tree;
    private final OpenFiles files;

    ExtendedAttributes(Tree tree, OpenFiles files) {
        this.tree = tree;
        this.files = files;
    }

    void get(RequestHeader header, Request.GetExtendedAttribute wanted, Reply reply) throws IOException {
        if (!wanted.name().startsWith(USER)) {
            // "Not supported here" is remembered for the file system by ls -l, "none" is asked again for each file.
            throw new RequestFailure(Errno.EOPNOTSUPP);
        }
        boolean ours = wanted.name().equals(VERSION)
                || wanted.name().equals(CACHED)
                || wanted.name().equals(TIER);
        if (!ours || isDirectory(header.nodeId())) {
            throw new RequestFailure(Errno.ENODATA);
        }
        FileEntry file = tree.file(header.nodeId());
        String value = wanted.name().equals(VERSION)
                ? version(file.version())
                : wanted.name().equals(CACHED) ? cached(file) : tier(residency(file));
        answer(header, value.getBytes(StandardCharsets.UTF_8), wanted.size(), reply);
    }

    void list(RequestHeader header, int size, Reply reply) throws IOException {
        answer(header, isDirectory(header.nodeId()) ? new byte[0] : NAMES, size, reply);
    }

    private boolean isDirectory(long nodeId) throws IOException {
        return nodeId == NodeId.ROOT || tree.entry(nodeId) instanceof Entry.DirectoryEntry;
    }

    private static void answer(RequestHeader header, byte[] value, int size, Reply reply) throws RequestFailure {
        if (size == 0) {
            reply.length(header.unique(), value.length);
        } else if (value.length > size) {
            throw new RequestFailure(Errno.ERANGE);
        } else {
            reply.bytes(header.unique(), value);
        }
    }

    private static String version(FileVersion version) {
        return switch (version.tag()) {
            case VersionTag.EntityTag tag -> tag.value();
            case VersionTag.ModificationTag tag -> tag.modifiedNanos() + "-" + tag.fileId();
        };
    }

    private String cached(FileEntry file) throws IOException {
        Residency residency = residency(file);
        return residency.complete()
                ? "complete"
                : residency.uniqueBytes() + "/" + file.version().lengthBytes();
    }

    private static String tier(Residency residency) {
        String tiers = residency.bytes().entrySet().stream()
                .filter(kept -> kept.getValue() > 0)
                .map(kept -> kept.getKey())
                .sorted()
                .map(Tier::name)
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(","));
        return tiers.isEmpty() ? "none" : tiers;
    }

    private Residency residency(FileEntry entry) throws IOException {
        OpenFile file = files.retain(entry);
        try {
            return file.cached().residency();
        } finally {
            files.release(file);
        }
    }
}
