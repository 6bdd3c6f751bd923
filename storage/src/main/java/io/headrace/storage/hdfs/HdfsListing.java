package io.headrace.storage.hdfs;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.ListingPage;
import io.headrace.storage.ListingPage.LeftOut;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.PercentEncoding;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** A listing whose every page is one folder; the continuation names the folders that are left. */
final class HdfsListing {
    private final FileSystem files;
    private final HdfsLocation location;

    HdfsListing(FileSystem files, HdfsLocation location) {
        this.files = files;
        this.location = location;
    }

    ListingPage list(ListingRequest request) throws IOException {
        Bytes prefix = request.prefix().bytes();
        List<String> pending = new ArrayList<>(Arrays.asList(request.continuation()
                .orElse(PercentEncoding.encode(prefix.slice(0, prefix.lastIndexOf((byte) '/') + 1)))
                .split(" ", -1)));
        Bytes folder = PercentEncoding.decode(pending.removeFirst());
        List<ObjectStatus> objects = new ArrayList<>();
        List<ObjectKey> directories = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>();
        List<String> deeper = new ArrayList<>();
        boolean empty = true;
        for (FileStatus status : children(folder)) {
            empty = false;
            Bytes key = folder.concat(Bytes.utf8(status.getPath().getName()));
            if (status.isDirectory()) {
                key = key.concat(Bytes.utf8("/"));
            }
            if (key.startsWith(prefix) && status.isSymlink()) {
                leftOut.add(new LeftOut(new ObjectKey(key), "a symbolic link"));
            } else if (key.startsWith(prefix) && status.isFile()) {
                objects.add(HdfsStore.status(new ObjectKey(key), status));
            } else if (key.startsWith(prefix) && request.recursive()) {
                deeper.add(PercentEncoding.encode(key));
            } else if (key.startsWith(prefix)) {
                directories.add(new ObjectKey(key));
            }
        }
        if (empty && request.recursive() && !folder.isEmpty() && folder.startsWith(prefix) && !folder.equals(prefix)) {
            directories.add(new ObjectKey(folder));
        }
        pending.addAll(0, deeper);
        Optional<String> next = pending.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", pending));
        return new ListingPage(objects, directories, leftOut, next);
    }

    private List<FileStatus> children(Bytes folder) throws IOException {
        Optional<Path> path = folder.isEmpty()
                ? Optional.of(location.root())
                : location.path(new ObjectKey(folder.slice(0, folder.length() - 1)));
        List<FileStatus> children = new ArrayList<>();
        if (path.isEmpty()) {
            return children;
        }
        try {
            FileStatus self = files.getFileStatus(path.get());
            if (self.isFile()) {
                if (folder.isEmpty()) {
                    throw new OriginException.Refused(
                            Refusal.NO_SUCH_LOCATION, location.uri() + " is a file. Mount the folder that holds it");
                }
                return children;
            }
            RemoteIterator<FileStatus> statuses = files.listStatusIterator(path.get());
            while (statuses.hasNext()) {
                FileStatus status = statuses.next();
                if (!status.getPath().getName().startsWith(HdfsUpload.NAME_PREFIX)) {
                    children.add(status);
                }
            }
        } catch (FileNotFoundException e) {
            if (folder.isEmpty()) {
                throw new OriginException.Refused(
                        Refusal.NO_SUCH_LOCATION, "there is no folder " + location.uri() + ". Check the path", e);
            }
        }
        return children;
    }
}
