package io.headrace.storage.s3;

import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.ObjectUpload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** An upload in parts; begun with the first part, so that an empty object is one plain request. */
final class S3Upload implements ObjectUpload {
    private static final Logger log = LoggerFactory.getLogger(S3Upload.class);

    /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
    private static final long MINIMUM_PART_BYTES = 5 << 20;

    record Target(String bucket, String fullKey, ObjectKey key) {}

    private final S3Store store;
    private final S3Client client;
    private final S3Failures failures;
    private final Target target;
    private final String what;
    /** Guards the fields below. */
    private final Object lock = new Object();

    private final TreeMap<Integer, CompletedPart> parts = new TreeMap<>();
    private Optional<String> uploadId = Optional.empty();

    S3Upload(S3Store store, S3Client client, S3Failures failures, Target target) {
        this.store = store;
        this.client = client;
        this.failures = failures;
        this.target = target;
        this.what = "writing s3://" + target.bucket() + "/" + target.fullKey();
    }

    @Override
    public void writePart(int number, ByteBuffer part) throws IOException {
        try {
            String id = begin();
            int length = part.remaining();
            ByteBuffer content = part.duplicate();
            String tag = client.uploadPart(
                            ask -> ask.bucket(target.bucket())
                                    .key(target.fullKey())
                                    .uploadId(id)
                                    .partNumber(number),
                            RequestBody.fromContentProvider(
                                    () -> new BufferInputStream(content.duplicate()),
                                    length,
                                    "application/octet-stream"))
                    .eTag();
            part.position(part.limit());
            synchronized (lock) {
                parts.put(
                        number,
                        CompletedPart.builder().partNumber(number).eTag(tag).build());
            }
        } catch (SdkException | KnownCredentials.Failure e) {
            throw failures.toOrigin(what + " part " + number, e);
        }
    }

    private String begin() {
        synchronized (lock) {
            if (uploadId.isEmpty()) {
                uploadId = Optional.of(client.createMultipartUpload(
                                ask -> ask.bucket(target.bucket()).key(target.fullKey()))
                        .uploadId());
            }
            return uploadId.get();
        }
    }

    @Override
    public long minimumPartBytes() {
        return MINIMUM_PART_BYTES;
    }

    @Override
    public ObjectStatus complete() throws IOException {
        synchronized (lock) {
            if (!parts.isEmpty() && (parts.firstKey() != 1 || parts.lastKey() != parts.size())) {
                throw new IllegalStateException("parts are missing: there are only " + parts.keySet());
            }
            try {
                if (uploadId.isEmpty()) {
                    client.putObject(ask -> ask.bucket(target.bucket()).key(target.fullKey()), RequestBody.empty());
                } else {
                    String id = uploadId.get();
                    client.completeMultipartUpload(ask -> ask.bucket(target.bucket())
                            .key(target.fullKey())
                            .uploadId(id)
                            .multipartUpload(upload -> upload.parts(parts.values())));
                    uploadId = Optional.empty();
                }
            } catch (SdkException | KnownCredentials.Failure e) {
                throw failures.toOrigin(what, e);
            }
        }
        return store.head(target.key())
                .orElseThrow(() -> new OriginException.NotFound(what + ": it was deleted as it was written"));
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (uploadId.isPresent()) {
                String id = uploadId.get();
                uploadId = Optional.empty();
                try {
                    client.abortMultipartUpload(ask ->
                            ask.bucket(target.bucket()).key(target.fullKey()).uploadId(id));
                } catch (SdkException | KnownCredentials.Failure e) {
                    log.warn(
                            "{}: the upload could not be aborted; its parts take space until the bucket's lifecycle rules"
                                    + " or somebody removes them",
                            what,
                            e);
                }
            }
        }
    }

    private static final class BufferInputStream extends InputStream {
        private final ByteBuffer content;

        BufferInputStream(ByteBuffer content) {
            this.content = content;
        }

        @Override
        public int read() {
            return content.hasRemaining() ? content.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (!content.hasRemaining()) {
                return length == 0 ? 0 : -1;
            }
            int count = Math.min(length, content.remaining());
            content.get(target, offset, count);
            return count;
        }

        @Override
        public int available() {
            return content.remaining();
        }
    }
}
