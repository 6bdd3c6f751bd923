package io.headrace.storage.hdfs;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.ObjectKey;
import io.headrace.storage.PercentEncoding;
import java.net.URI;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * A folder of HDFS.
 *
 * @param authority name node or name service; empty for the one of fs.defaultFS
 * @param folder absolute, without a slash at its end; empty for the root
 */
record HdfsLocation(String authority, String folder) {
    static HdfsLocation of(URI uri) {
        String path = PercentEncoding.decode(Objects.requireNonNullElse(uri.getRawPath(), ""))
                .toString();
        return new HdfsLocation(Objects.requireNonNullElse(uri.getRawAuthority(), ""), path.replaceAll("/+$", ""));
    }

    URI uri() {
        return URI.create("hdfs://" + authority
                + (folder.isEmpty() && authority.isEmpty() ? "/" : PercentEncoding.encode(Bytes.utf8(folder))));
    }

    Path root() {
        return new Path(folder.isEmpty() ? "/" : folder);
    }

    /** Where the key's file would be; empty for a key that no file of HDFS can have: names are UTF-8, without a colon. */
    Optional<Path> path(ObjectKey key) {
        String text = key.bytes().toString();
        boolean possible = key.bytes().isUtf8()
                && !text.isEmpty()
                && Arrays.stream(text.split("/", -1))
                        .noneMatch(
                                name -> name.isEmpty() || name.equals(".") || name.equals("..") || name.contains(":"));
        return possible ? Optional.of(new Path(null, null, folder + "/" + text)) : Optional.empty();
    }

    String describe(ObjectKey key) {
        return uri() + "/" + key;
    }
}
