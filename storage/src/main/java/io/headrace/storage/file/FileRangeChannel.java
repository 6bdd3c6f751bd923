package io.headrace.storage.file;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.OriginException;
import io.headrace.storage.file.FileTree.Attributes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A range of one version of a file. */
final class FileRangeChannel implements ReadableByteChannel {
    private final FileChannel file;
    private final Path path;
    private final FileVersion version;
    private long remaining;

    private FileRangeChannel(FileChannel file, Path path, FileVersion version, long remaining) {
        this.file = file;
        this.path = path;
        this.version = version;
        this.remaining = remaining;
    }

    /** @param path with its links resolved */
    static FileRangeChannel open(Path path, FileVersion version, ByteRange range) throws IOException {
        FileChannel file;
        try {
            file = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw FileFailures.toOrigin("opening " + path, e);
        }
        FileRangeChannel channel = new FileRangeChannel(file, path, version, range.length());
        try {
            channel.checkUnchanged();
            file.position(range.offset());
            return channel;
        } catch (IOException e) {
            file.close();
            throw FileFailures.toOrigin("opening " + path, e);
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (remaining == 0) {
            return -1;
        }
        int start = target.position();
        int limit = target.limit();
        try {
            target.limit(start + (int) Math.min(target.remaining(), remaining));
            int read = file.read(target);
            checkUnchanged();
            if (read < 0) {
                throw new OriginException.Unavailable(path + " ended before its length of " + version.lengthBytes()
                        + " bytes. Check the network mount below it");
            }
            remaining -= read;
            return read;
        } catch (IOException e) {
            target.position(start);
            throw FileFailures.toOrigin("reading " + path, e);
        } finally {
            target.limit(limit);
        }
    }

    private void checkUnchanged() throws IOException {
        Attributes now = FileTree.attributes(path)
                .orElseThrow(() -> new OriginException.NotFound(path + " was deleted while it was read"));
        if (now.lengthBytes() != version.lengthBytes() || !now.tag().equals(version.tag())) {
            throw new OriginException.VersionChanged(
                    path + " was changed: it has " + now.lengthBytes() + " bytes of " + now.modified()
                            + " where a version of " + version.lengthBytes() + " bytes was asked for. Open it again");
        }
    }

    @Override
    public boolean isOpen() {
        return file.isOpen();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
