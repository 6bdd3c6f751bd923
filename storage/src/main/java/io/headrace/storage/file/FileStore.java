package io.headrace.storage.file;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.ListingPage;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.ObjectUpload;
import io.headrace.storage.PercentEncoding;
import io.headrace.storage.SharedUpload;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreCapabilities;
import io.headrace.storage.file.FileTree.Attributes;
import io.headrace.storage.file.FileTree.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A folder. A version is length, modification time and inode; a read compares them after the open and after each piece,
 * so a file that is replaced or written over is noticed as soon as the file system shows a new modification time.
 */
final class FileStore implements UnderStore {
    private static final UnderStoreCapabilities CAPABILITIES =
            new UnderStoreCapabilities(true, true, true, false, true);
    private static final int PAGE_ENTRIES = 1000;
    private static final int WALKS_KEPT = 4;

    private final URI location;
    private final FileTree tree;
    /** Walks whose next page may be asked for; one that is not here any more starts again behind its last key. */
    private final Map<ListingRequest, FolderWalk> walks = new LinkedHashMap<>();

    FileStore(URI location) {
        String rawRoot = PercentEncoding.encode(PercentEncoding.decode(location.getRawPath()))
                .replaceAll("/+$", "");
        this.location = URI.create("file://" + (rawRoot.isEmpty() ? "/" : rawRoot));
        this.tree = new FileTree(rawRoot);
    }

    @Override
    public URI location() {
        return location;
    }

    @Override
    public UnderStoreCapabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public ListingPage list(ListingRequest request) throws IOException {
        FolderWalk walk = takeWalk(request);
        ListingPage page = walk.next(PAGE_ENTRIES);
        if (page.next().isPresent()) {
            keepWalk(request.next(page.next().get()), walk);
        }
        return page;
    }

    private FolderWalk takeWalk(ListingRequest request) throws IOException {
        synchronized (walks) {
            FolderWalk kept = walks.remove(request);
            if (kept != null) {
                return kept;
            }
        }
        Bytes after = request.continuation()
                .map(PercentEncoding::decode)
                .orElse(request.startAfter().map(ObjectKey::bytes).orElse(Bytes.EMPTY));
        return new FolderWalk(tree, request, after);
    }

    private void keepWalk(ListingRequest next, FolderWalk walk) {
        synchronized (walks) {
            walks.put(next, walk);
            if (walks.size() > WALKS_KEPT) {
                walks.remove(walks.keySet().iterator().next());
            }
        }
    }

    @Override
    public Optional<ObjectStatus> head(ObjectKey key) throws IOException {
        Optional<Path> path = key.bytes().isEmpty() ? Optional.empty() : tree.resolve(key.bytes());
        return path.isEmpty()
                ? Optional.empty()
                : FileTree.attributes(path.get())
                        .filter(attributes -> attributes.kind() == Kind.FILE)
                        .map(attributes -> attributes.status(key.bytes()));
    }

    @Override
    public ReadableByteChannel open(FileVersion version, ByteRange range) throws IOException {
        Path path = tree.resolve(version.key().bytes())
                .orElseThrow(() -> new OriginException.NotFound("there is no file " + describe(version.key())));
        Optional<Attributes> attributes = FileTree.attributes(path);
        if (attributes.isPresent() && attributes.get().kind() != Kind.FILE) {
            throw new OriginException.NotFound(describe(version.key()) + " is no file any more");
        }
        return FileRangeChannel.open(path, version, range);
    }

    @Override
    public ObjectUpload create(ObjectKey key) throws IOException {
        return FileUpload.start(tree, target(key), key);
    }

    @Override
    public SharedUpload begin(ObjectKey key, long partBytes) throws IOException {
        return SharedFileUpload.begin(tree, target(key), key, partBytes);
    }

    @Override
    public SharedUpload resume(ObjectKey key, String token) throws IOException {
        return SharedFileUpload.resume(target(key), key, token);
    }

    private Path target(ObjectKey key) throws IOException {
        tree.realRoot();
        return tree.path(key.bytes())
                .orElseThrow(() -> new OriginException.Refused(
                        Refusal.BAD_REQUEST,
                        "no file can be called \"" + key + "\": leave out empty names, \".\" and \"..\""));
    }

    @Override
    public void delete(ObjectKey key) throws IOException {
        tree.realRoot();
        Optional<Path> path = tree.path(key.bytes());
        if (path.isPresent() && head(key).isPresent()) {
            try {
                Files.deleteIfExists(path.get());
            } catch (IOException e) {
                throw FileFailures.toOrigin("deleting " + describe(key), e);
            }
        }
    }

    private String describe(ObjectKey key) {
        return tree.root() + "/" + key;
    }

    @Override
    public void close() {
        synchronized (walks) {
            walks.clear();
        }
    }

    @Override
    public String toString() {
        return location.toString();
    }
}
