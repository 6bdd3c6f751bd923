package io.headrace.storage.s3;

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
record S3Location(String bucket, String prefix) {
    static S3Location of(String bucket, String rawPath) {
        String folder =
                PercentEncoding.decode(rawPath).toString().replaceAll("^/", "").replaceAll("/+$", "");
        return new S3Location(bucket, folder.isEmpty() ? "" : folder + "/");
    }

    URI uri() {
        String path = PercentEncoding.encode(Bytes.utf8(prefix));
        return URI.create("s3://" + bucket + (path.isEmpty() ? "" : "/" + path.substring(0, path.length() - 1)));
    }

    /** The key in the bucket; empty for bytes that are not UTF-8, as S3's keys are. */
    Optional<String> fullKey(ObjectKey key) {
        return key.bytes().isUtf8() ? Optional.of(prefix + key.bytes()) : Optional.empty();
    }

    ObjectKey relative(String fullKey) {
        return ObjectKey.of(fullKey.substring(prefix.length()));
    }

    /** As a person would write it, for messages. */
    String describe(ObjectKey key) {
        return "s3://" + bucket + "/" + prefix + key;
    }
}
