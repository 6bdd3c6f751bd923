package io.headrace.storage.oss;

import com.aliyun.sdk.service.oss2.OSSClient;
import com.aliyun.sdk.service.oss2.exceptions.DeserializationException;
import com.aliyun.sdk.service.oss2.exceptions.OperationException;
import com.aliyun.sdk.service.oss2.exceptions.ServiceException;
import com.aliyun.sdk.service.oss2.models.CommonPrefix;
import com.aliyun.sdk.service.oss2.models.DeleteObjectRequest;
import com.aliyun.sdk.service.oss2.models.GetObjectRequest;
import com.aliyun.sdk.service.oss2.models.GetObjectResult;
import com.aliyun.sdk.service.oss2.models.HeadObjectRequest;
import com.aliyun.sdk.service.oss2.models.HeadObjectResult;
import com.aliyun.sdk.service.oss2.models.ListObjectsV2Request;
import com.aliyun.sdk.service.oss2.models.ListObjectsV2Result;
import com.aliyun.sdk.service.oss2.models.ObjectSummary;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.storage.BodyChannel;
import io.headrace.storage.ConnectionFailures;
import io.headrace.storage.ContentRange;
import io.headrace.storage.ListingPage;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.ObjectUpload;
import io.headrace.storage.PartwiseUpload;
import io.headrace.storage.SharedUpload;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreCapabilities;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A folder of a bucket; a version is length and entity tag, and every range is read with {@code If-Match}. */
final class OssStore implements UnderStore {
    private static final int NOT_FOUND = 404;
    private static final long KEYS_IN_A_PAGE = 1000;

    private final OssLocation location;
    private final OssSession session;
    private final OssFailures failures;

    OssStore(OssLocation location, OssSession session) {
        this.location = location;
        this.session = session;
        this.failures = new OssFailures(location, session);
    }

    @Override
    public URI location() {
        return location.uri();
    }

    @Override
    public UnderStoreCapabilities capabilities() {
        return new UnderStoreCapabilities(true, true, true, true, true);
    }

    @Override
    public ListingPage list(ListingRequest request) throws IOException {
        Optional<String> prefix = location.fullPrefix(request.prefix());
        if (prefix.isEmpty()) {
            return new ListingPage(List.of(), List.of(), Optional.empty());
        }
        ListObjectsV2Request.Builder ask = ListObjectsV2Request.newBuilder()
                .bucket(location.bucket())
                .prefix(prefix.get())
                .maxKeys(KEYS_IN_A_PAGE);
        request.continuation().ifPresent(ask::continuationToken);
        request.startAfter().flatMap(location::fullPrefix).ifPresent(ask::startAfter);
        if (!request.recursive()) {
            ask.delimiter("/");
        }
        OSSClient client = session.client();
        try {
            ListObjectsV2Result answer = client.listObjectsV2(ask.build());
            session.answered();
            return page(request, answer);
        } catch (OperationException | DeserializationException e) {
            throw failures.ofBucket("listing " + location.uri(), e);
        }
    }

    private ListingPage page(ListingRequest request, ListObjectsV2Result answer) {
        List<ObjectStatus> objects = new ArrayList<>();
        List<ObjectKey> directories = new ArrayList<>();
        for (CommonPrefix prefix : Optional.ofNullable(answer.commonPrefixes()).orElse(List.of())) {
            directories.add(location.relative(prefix.prefix()));
        }
        for (ObjectSummary object : Optional.ofNullable(answer.contents()).orElse(List.of())) {
            ObjectKey key = location.relative(object.key());
            boolean marker =
                    object.size() == 0 && (key.bytes().isEmpty() || key.bytes().endsWith((byte) '/'));
            if (!marker) {
                objects.add(status(key, object.size(), object.lastModified(), object.eTag()));
            } else if (!key.equals(request.prefix()) && !key.bytes().isEmpty()) {
                directories.add(key);
            }
        }
        boolean more = Boolean.TRUE.equals(answer.isTruncated());
        return new ListingPage(
                objects, directories, more ? Optional.ofNullable(answer.nextContinuationToken()) : Optional.empty());
    }

    @Override
    public Optional<ObjectStatus> head(ObjectKey key) throws IOException {
        Optional<String> fullKey = location.fullKey(key);
        if (fullKey.isEmpty()) {
            return Optional.empty();
        }
        OSSClient client = session.client();
        try {
            HeadObjectResult head = client.headObject(HeadObjectRequest.newBuilder()
                    .bucket(location.bucket())
                    .key(fullKey.get())
                    .build());
            session.answered();
            Instant modified = ZonedDateTime.parse(head.lastModified(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(status(key, head.contentLength(), modified, head.eTag()));
        } catch (OperationException | DeserializationException e) {
            return explainHead(key, e);
        }
    }

    /** Whether the object is missing or the bucket, which an answer to HEAD need not tell. */
    private Optional<ObjectStatus> explainHead(ObjectKey key, RuntimeException failure) throws IOException {
        Optional<ServiceException> missing = ConnectionFailures.find(failure, ServiceException.class)
                .filter(answer -> answer.statusCode() == NOT_FOUND);
        if (missing.isPresent() && !OssFailures.code(missing.get()).equals("NoSuchBucket")) {
            if (!OssFailures.code(missing.get()).equals("NoSuchKey") && !session.hasAnswered()) {
                list(ListingRequest.children(key));
            }
            session.answered();
            return Optional.empty();
        }
        throw failures.toOrigin("looking up " + location.describe(key), failure);
    }

    @Override
    public ReadableByteChannel open(FileVersion version, ByteRange range) throws IOException {
        String what = "reading " + location.describe(version.key()) + " " + range;
        if (!(version.tag() instanceof EntityTag(String tag))) {
            throw new IllegalArgumentException(what + ": an OSS version has an entity tag, not " + version.tag());
        }
        String key = location.fullKey(version.key())
                .orElseThrow(() -> new OriginException.NotFound(what + ": OSS has no such keys"));
        // Without "standard", OSS sends the whole object for a range that it cannot serve as it stands.
        GetObjectRequest request = GetObjectRequest.newBuilder()
                .bucket(location.bucket())
                .key(key)
                .ifMatch(tag)
                .range("bytes=" + range.offset() + "-" + (range.end() - 1))
                .rangeBehavior("standard")
                .build();
        OSSClient client = session.client();
        try {
            GetObjectResult answer = client.getObject(request);
            session.answered();
            try {
                check(what, version, range, answer);
            } catch (OriginException e) {
                answer.abort();
                throw e;
            }
            return new BodyChannel(
                    what,
                    new BodyChannel.Body(answer.body(), range.length(), answer::abort),
                    failure -> failures.toOrigin(what, failure));
        } catch (OperationException | DeserializationException e) {
            throw failures.toOrigin(what, e);
        }
    }

    /** Proxies that ignore {@code If-Match} or {@code Range} are found out by their answer. */
    private static void check(String what, FileVersion version, ByteRange range, GetObjectResult answer)
            throws OriginException {
        if (answer.eTag() != null && !entityTag(answer.eTag()).equals(version.tag())) {
            throw new OriginException.VersionChanged(what + ": the object was replaced. Open it again");
        }
        new ContentRange(Optional.ofNullable(answer.contentRange()), Optional.ofNullable(answer.contentLength()))
                .check(what, version, range);
    }

    @Override
    public ObjectUpload create(ObjectKey key) throws IOException {
        // A name that no object can have is refused at once.
        OssUpload.Target _ = target(key);
        return PartwiseUpload.lazy(this, key, OssUpload.MINIMUM_PART_BYTES);
    }

    @Override
    public ObjectStatus put(ObjectKey key, ByteBuffer content) throws IOException {
        return OssUpload.put(target(key), content);
    }

    @Override
    public SharedUpload begin(ObjectKey key, long partBytes) throws IOException {
        return OssUpload.begin(target(key));
    }

    @Override
    public SharedUpload resume(ObjectKey key, String token) throws IOException {
        return new OssUpload(target(key), token);
    }

    private OssUpload.Target target(ObjectKey key) throws IOException {
        String fullKey = location.fullKey(key)
                .orElseThrow(() -> new OriginException.Refused(
                        Refusal.BAD_REQUEST,
                        "no object of OSS can be called \"" + location.prefix() + key
                                + "\": keys are UTF-8, 1 to 1023 bytes, and start with neither / nor \\"));
        return new OssUpload.Target(this, session.client(), failures, location.bucket(), fullKey, key);
    }

    @Override
    public void delete(ObjectKey key) throws IOException {
        Optional<String> fullKey = location.fullKey(key);
        if (fullKey.isEmpty()) {
            return;
        }
        OSSClient client = session.client();
        try {
            client.deleteObject(DeleteObjectRequest.newBuilder()
                    .bucket(location.bucket())
                    .key(fullKey.get())
                    .build());
        } catch (OperationException | DeserializationException e) {
            IOException failure = failures.toOrigin("deleting " + location.describe(key), e);
            if (!(failure instanceof OriginException.NotFound)) {
                throw failure;
            }
        }
    }

    private static ObjectStatus status(ObjectKey key, long length, Instant modified, String tag) {
        return new ObjectStatus(key, length, modified.truncatedTo(ChronoUnit.SECONDS), entityTag(tag));
    }

    /** Some services leave out the quotes in listings. */
    private static EntityTag entityTag(String text) {
        return new EntityTag(text.endsWith("\"") ? text : '"' + text + '"');
    }

    @Override
    public void close() {
        session.close();
    }

    @Override
    public String toString() {
        return location.uri().toString();
    }
}
