package io.headrace.storage.oss;

import com.aliyun.sdk.service.oss2.OSSClient;
import com.aliyun.sdk.service.oss2.exceptions.DeserializationException;
import com.aliyun.sdk.service.oss2.exceptions.OperationException;
import com.aliyun.sdk.service.oss2.models.AbortMultipartUploadRequest;
import com.aliyun.sdk.service.oss2.models.CompleteMultipartUpload;
import com.aliyun.sdk.service.oss2.models.CompleteMultipartUploadRequest;
import com.aliyun.sdk.service.oss2.models.InitiateMultipartUploadRequest;
import com.aliyun.sdk.service.oss2.models.Part;
import com.aliyun.sdk.service.oss2.models.PutObjectRequest;
import com.aliyun.sdk.service.oss2.models.UploadPartRequest;
import com.aliyun.sdk.service.oss2.transport.BinaryData;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.ObjectUpload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An upload in parts; begun with the first part, so that an empty object is one plain request. */
final class OssUpload implements ObjectUpload {
    private static final Logger log = LoggerFactory.getLogger(OssUpload.class);

    /** https://www.alibabacloud.com/help/en/oss/user-guide/limits */
    private static final long MINIMUM_PART_BYTES = 100 << 10;

    record Target(String bucket, String fullKey, ObjectKey key) {}

    private final OssStore store;
    private final OSSClient client;
    private final OssFailures failures;
    private final Target target;
    private final String what;
    /** Guards the fields below. */
    private final Object lock = new Object();

    private final TreeMap<Integer, Part> parts = new TreeMap<>();
    private Optional<String> uploadId = Optional.empty();

    OssUpload(OssStore store, OSSClient client, OssFailures failures, Target target) {
        this.store = store;
        this.client = client;
        this.failures = failures;
        this.target = target;
        this.what = "writing oss://" + target.bucket() + "/" + target.fullKey();
    }

    @Override
    public void writePart(int number, ByteBuffer part) throws IOException {
        // The SDK's buffers forget that a ByteBuffer may be a slice of its array.
        byte[] content = new byte[part.remaining()];
        part.duplicate().get(content);
        try {
            String tag = client.uploadPart(UploadPartRequest.newBuilder()
                            .bucket(target.bucket())
                            .key(target.fullKey())
                            .uploadId(begin())
                            .partNumber((long) number)
                            .body(BinaryData.fromBytes(content))
                            .build())
                    .eTag();
            part.position(part.limit());
            synchronized (lock) {
                parts.put(
                        number,
                        Part.newBuilder().partNumber((long) number).eTag(tag).build());
            }
        } catch (OperationException | DeserializationException e) {
            throw failures.toOrigin(what + " part " + number, e);
        }
    }

    private String begin() {
        synchronized (lock) {
            if (uploadId.isEmpty()) {
                uploadId = Optional.of(client.initiateMultipartUpload(InitiateMultipartUploadRequest.newBuilder()
                                .bucket(target.bucket())
                                .key(target.fullKey())
                                .build())
                        .initiateMultipartUpload()
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
                    client.putObject(PutObjectRequest.newBuilder()
                            .bucket(target.bucket())
                            .key(target.fullKey())
                            .body(BinaryData.fromBytes(new byte[0]))
                            .build());
                } else {
                    join(uploadId.get());
                    uploadId = Optional.empty();
                }
            } catch (OperationException | DeserializationException e) {
                throw failures.toOrigin(what, e);
            }
        }
        return store.head(target.key())
                .orElseThrow(() -> new OriginException.NotFound(what + ": it was deleted as it was written"));
    }

    private void join(String id) {
        client.completeMultipartUpload(CompleteMultipartUploadRequest.newBuilder()
                .bucket(target.bucket())
                .key(target.fullKey())
                .uploadId(id)
                .completeMultipartUpload(CompleteMultipartUpload.newBuilder()
                        .parts(List.copyOf(parts.values()))
                        .build())
                .build());
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (uploadId.isPresent()) {
                String id = uploadId.get();
                uploadId = Optional.empty();
                try {
                    client.abortMultipartUpload(AbortMultipartUploadRequest.newBuilder()
                            .bucket(target.bucket())
                            .key(target.fullKey())
                            .uploadId(id)
                            .build());
                } catch (OperationException | DeserializationException e) {
                    log.warn(
                            "{}; its parts take space until the bucket's lifecycle rules or somebody removes them",
                            failures.toOrigin(what + ": the upload could not be aborted", e)
                                    .getMessage());
                }
            }
        }
    }
}
