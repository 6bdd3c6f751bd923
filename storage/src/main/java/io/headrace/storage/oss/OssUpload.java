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
import io.headrace.storage.SharedUpload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A multipart upload; what is told of a part is its entity tag. */
final class OssUpload implements SharedUpload {
    /** https://www.alibabacloud.com/help/en/oss/user-guide/limits */
    static final long MINIMUM_PART_BYTES = 100 << 10;

    /** Where an object is written, and by what. */
    record Target(
            OssStore store, OSSClient client, OssFailures failures, String bucket, String fullKey, ObjectKey key) {
        String what() {
            return "writing oss://" + bucket + "/" + fullKey;
        }

        ObjectStatus status() throws IOException {
            return store.head(key)
                    .orElseThrow(() -> new OriginException.NotFound(what() + ": it was deleted as it was written"));
        }
    }

    private final Target target;
    private final String id;

    OssUpload(Target target, String id) {
        this.target = target;
        this.id = id;
    }

    static OssUpload begin(Target target) throws IOException {
        try {
            return new OssUpload(
                    target,
                    target.client()
                            .initiateMultipartUpload(InitiateMultipartUploadRequest.newBuilder()
                                    .bucket(target.bucket())
                                    .key(target.fullKey())
                                    .build())
                            .initiateMultipartUpload()
                            .uploadId());
        } catch (OperationException | DeserializationException e) {
            throw target.failures().toOrigin(target.what(), e);
        }
    }

    /** By one request. */
    static ObjectStatus put(Target target, ByteBuffer content) throws IOException {
        try {
            target.client()
                    .putObject(PutObjectRequest.newBuilder()
                            .bucket(target.bucket())
                            .key(target.fullKey())
                            .body(BinaryData.fromBytes(copy(content)))
                            .build());
        } catch (OperationException | DeserializationException e) {
            throw target.failures().toOrigin(target.what(), e);
        }
        content.position(content.limit());
        return target.status();
    }

    /** The SDK's buffers forget that a ByteBuffer may be a slice of its array. */
    private static byte[] copy(ByteBuffer content) {
        byte[] bytes = new byte[content.remaining()];
        content.duplicate().get(bytes);
        return bytes;
    }

    @Override
    public String token() {
        return id;
    }

    @Override
    public String writePart(int number, ByteBuffer part) throws IOException {
        try {
            String tag = target.client()
                    .uploadPart(UploadPartRequest.newBuilder()
                            .bucket(target.bucket())
                            .key(target.fullKey())
                            .uploadId(id)
                            .partNumber((long) number)
                            .body(BinaryData.fromBytes(copy(part)))
                            .build())
                    .eTag();
            part.position(part.limit());
            return tag;
        } catch (OperationException | DeserializationException e) {
            throw target.failures().toOrigin(target.what() + " part " + number, e);
        }
    }

    @Override
    public ObjectStatus complete(List<String> parts) throws IOException {
        List<Part> named = new ArrayList<>();
        for (String tag : parts) {
            named.add(Part.newBuilder().partNumber(named.size() + 1L).eTag(tag).build());
        }
        try {
            target.client()
                    .completeMultipartUpload(CompleteMultipartUploadRequest.newBuilder()
                            .bucket(target.bucket())
                            .key(target.fullKey())
                            .uploadId(id)
                            .completeMultipartUpload(CompleteMultipartUpload.newBuilder()
                                    .parts(named)
                                    .build())
                            .build());
        } catch (OperationException | DeserializationException e) {
            throw target.failures().toOrigin(target.what(), e);
        }
        return target.status();
    }

    @Override
    public void abort() throws IOException {
        try {
            target.client()
                    .abortMultipartUpload(AbortMultipartUploadRequest.newBuilder()
                            .bucket(target.bucket())
                            .key(target.fullKey())
                            .uploadId(id)
                            .build());
        } catch (OperationException | DeserializationException e) {
            IOException failure = target.failures().toOrigin(target.what() + ": aborting the upload", e);
            if (!(failure instanceof OriginException.NotFound)) {
                throw failure;
            }
        }
    }
}
