package io.headrace.storage.s3;

import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.SharedUpload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** A multipart upload; what is told of a part is its entity tag. */
final class S3Upload implements SharedUpload {
    /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
    static final long MINIMUM_PART_BYTES = 5 << 20;

    /** Where an object is written, and by what. */
    record Target(S3Store store, S3Client client, S3Failures failures, String bucket, String fullKey, ObjectKey key) {
        String what() {
            return "writing s3://" + bucket + "/" + fullKey;
        }

        ObjectStatus status() throws IOException {
            return store.head(key)
                    .orElseThrow(() -> new OriginException.NotFound(what() + ": it was deleted as it was written"));
        }
    }

    private final Target target;
    private final String id;

    S3Upload(Target target, String id) {
        this.target = target;
        this.id = id;
    }

    static S3Upload begin(Target target) throws IOException {
        try {
            return new S3Upload(
                    target,
                    target.client()
                            .createMultipartUpload(
                                    ask -> ask.bucket(target.bucket()).key(target.fullKey()))
                            .uploadId());
        } catch (SdkException | KnownCredentials.Failure e) {
            throw target.failures().toOrigin(target.what(), e);
        }
    }

    /** By one request. */
    static ObjectStatus put(Target target, ByteBuffer content) throws IOException {
        try {
            target.client().putObject(ask -> ask.bucket(target.bucket()).key(target.fullKey()), body(content));
        } catch (SdkException | KnownCredentials.Failure e) {
            throw target.failures().toOrigin(target.what(), e);
        }
        content.position(content.limit());
        return target.status();
    }

    private static RequestBody body(ByteBuffer content) {
        ByteBuffer bytes = content.duplicate();
        return bytes.hasRemaining()
                ? RequestBody.fromContentProvider(
                        () -> new BufferInputStream(bytes.duplicate()), bytes.remaining(), "application/octet-stream")
                : RequestBody.empty();
    }

    @Override
    public String token() {
        return id;
    }

    @Override
    public String writePart(int number, ByteBuffer part) throws IOException {
        try {
            String tag = target.client()
                    .uploadPart(
                            ask -> ask.bucket(target.bucket())
                                    .key(target.fullKey())
                                    .uploadId(id)
                                    .partNumber(number),
                            body(part))
                    .eTag();
            part.position(part.limit());
            return tag;
        } catch (SdkException | KnownCredentials.Failure e) {
            throw target.failures().toOrigin(target.what() + " part " + number, e);
        }
    }

    @Override
    public ObjectStatus complete(List<String> parts) throws IOException {
        List<CompletedPart> named = new ArrayList<>();
        for (String tag : parts) {
            named.add(CompletedPart.builder()
                    .partNumber(named.size() + 1)
                    .eTag(tag)
                    .build());
        }
        try {
            target.client()
                    .completeMultipartUpload(ask -> ask.bucket(target.bucket())
                            .key(target.fullKey())
                            .uploadId(id)
                            .multipartUpload(upload -> upload.parts(named)));
        } catch (SdkException | KnownCredentials.Failure e) {
            throw target.failures().toOrigin(target.what(), e);
        }
        return target.status();
    }

    @Override
    public void abort() throws IOException {
        try {
            target.client()
                    .abortMultipartUpload(ask ->
                            ask.bucket(target.bucket()).key(target.fullKey()).uploadId(id));
        } catch (SdkException | KnownCredentials.Failure e) {
            IOException failure = target.failures().toOrigin(target.what() + ": aborting the upload", e);
            if (!(failure instanceof OriginException.NotFound)) {
                throw failure;
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
