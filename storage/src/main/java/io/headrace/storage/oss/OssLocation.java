package io.headrace.storage.oss;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.ObjectKey;
import io.headrace.storage.PercentEncoding;
import java.net.URI;
import java.util.Optional;

/**
 * A folder in a bucket.
 *
 * @param prefix what the full keys begin with: empty, or ending with {@code '/'}
 */
record OssLocation(String bucket, String prefix) {
    /** https://www.alibabacloud.com/help/en/oss/user-guide/object-naming-conventions */
    private static final int MOST_KEY_BYTES = 1023;

    static OssLocation of(String bucket, String rawPath) {
        String folder =
                PercentEncoding.decode(rawPath).toString().replaceAll("^/", "").replaceAll("/+$", "");
        return new OssLocation(bucket, folder.isEmpty() ? "" : folder + "/");
    }

    URI uri() {
        String path = PercentEncoding.encode(Bytes.utf8(prefix));
        return URI.create("oss://" + bucket + (path.isEmpty() ? "" : "/" + path.substring(0, path.length() - 1)));
    }

    /** The start of keys in the bucket; empty where no key of OSS can start so. */
    Optional<String> fullPrefix(ObjectKey key) {
        return key.bytes().isUtf8() ? Optional.of(prefix + key.bytes()) : Optional.empty();
    }

    /** The key in the bucket; empty where OSS has no such keys: too long, or not UTF-8, or none. */
    Optional<String> fullKey(ObjectKey key) {
        return fullPrefix(key)
                .filter(full -> !key.bytes().isEmpty()
                        && !full.startsWith("/")
                        && !full.startsWith("\\")
                        && Bytes.utf8(full).length() <= MOST_KEY_BYTES);
    }

    ObjectKey relative(String fullKey) {
        return ObjectKey.of(fullKey.substring(prefix.length()));
    }

    /** As a person would write it, for messages. */
    String describe(ObjectKey key) {
        return "oss://" + bucket + "/" + prefix + key;
    }
}
