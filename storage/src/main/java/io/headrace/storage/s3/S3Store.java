package io.headrace.storage.s3;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.storage.BodyChannel;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A folder of a bucket; a version is length and entity tag, and every range is read with {@code If-Match}. */
final class S3Store implements UnderStore {
    private static final int NOT_FOUND = 404;
    private static final int FORBIDDEN = 403;

    private final S3Location location;
    private final S3Session session;
    private final S3Failures failures;

    S3Store(S3Location location, S3Session session) {
        this.location = location;
        this.session = session;
        this.failures = new S3Failures(location, session);
    }

    @Override
    public URI location() {
        return location.uri();
    }

    /** Only Amazon's service promises an order; others list by folder, or as they please. */
    @Override
    public UnderStoreCapabilities capabilities() {
        boolean amazon = !session.customEndpoint();
        return new UnderStoreCapabilities(amazon, amazon, true, true, true);
    }

    @Override
    public ListingPage list(ListingRequest request) throws IOException {
        if (request.startAfter().isPresent() && !capabilities().listsFromKey()) {
            throw new UnsupportedOperationException("only Amazon's S3 promises to list behind a key");
        }
        Optional<String> prefix = location.fullKey(request.prefix());
        if (prefix.isEmpty()) {
            return new ListingPage(List.of(), List.of(), Optional.empty());
        }
        ListObjectsV2Request.Builder ask = ListObjectsV2Request.builder()
                .bucket(location.bucket())
                .prefix(prefix.get())
                .encodingType(EncodingType.URL);
        request.continuation().ifPresent(ask::continuationToken);
        request.startAfter().flatMap(location::fullKey).ifPresent(ask::startAfter);
        if (!request.recursive()) {
            ask.delimiter("/");
        }
        S3Client client = session.client();
        try {
            ListObjectsV2Response answer = client.listObjectsV2(ask.build());
            session.answered();
            return page(request, answer);
        } catch (SdkException | KnownCredentials.Failure e) {
            throw failures.ofBucket("listing " + location.uri(), e);
        }
    }

    private ListingPage page(ListingRequest request, ListObjectsV2Response answer) {
        List<ObjectStatus> objects = new ArrayList<>();
        List<ObjectKey> directories = new ArrayList<>();
        for (CommonPrefix prefix : answer.commonPrefixes()) {
            directories.add(location.relative(prefix.prefix()));
        }
        for (S3Object object : answer.contents()) {
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
        if (key.bytes().isEmpty() || fullKey.isEmpty()) {
            return Optional.empty();
        }
        S3Client client = session.client();
        try {
            HeadObjectResponse head =
                    client.headObject(ask -> ask.bucket(location.bucket()).key(fullKey.get()));
            session.answered();
            return Optional.of(status(key, head.contentLength(), head.lastModified(), head.eTag()));
        } catch (S3Exception e) {
            return explainHead(client, key, e);
        } catch (SdkException | KnownCredentials.Failure e) {
            throw failures.toOrigin("looking up " + location.describe(key), e);
        }
    }

    /** The answer to HEAD has no body, and so no error code: asks for one that has. */
    private Optional<ObjectStatus> explainHead(S3Client client, ObjectKey key, S3Exception failure) throws IOException {
        String what = "looking up " + location.describe(key);
        try {
            if (failure.statusCode() == NOT_FOUND) {
                if (!session.hasAnswered()) {
                    list(ListingRequest.children(key));
                }
                return Optional.empty();
            }
            if (failure.statusCode() == FORBIDDEN) {
                client.getObject(ask -> ask.bucket(location.bucket())
                                .key(location.prefix() + key)
                                .range("bytes=0-0"))
                        .abort();
            }
        } catch (SdkException explained) {
            throw failures.toOrigin(what, explained);
        }
        throw failures.toOrigin(what, failure);
    }

    @Override
    public ReadableByteChannel open(FileVersion version, ByteRange range) throws IOException {
        String what = "reading " + location.describe(version.key()) + " " + range;
        if (!(version.tag() instanceof EntityTag(String tag))) {
            throw new IllegalArgumentException(what + ": an S3 version has an entity tag, not " + version.tag());
        }
        String key = location.fullKey(version.key())
                .orElseThrow(() -> new OriginException.NotFound(what + ": S3 has no keys that are not UTF-8"));
        GetObjectRequest request = GetObjectRequest.builder()
                .bucket(location.bucket())
                .key(key)
                .ifMatch(tag)
                .range("bytes=" + range.offset() + "-" + (range.end() - 1))
                .build();
        S3Client client = session.client();
        try {
            ResponseInputStream<GetObjectResponse> body = client.getObject(request);
            session.answered();
            try {
                check(what, version, range, body.response());
            } catch (OriginException e) {
                body.abort();
                throw e;
            }
            return new BodyChannel(
                    what,
                    new BodyChannel.Body(body, range.length(), body::abort),
                    failure -> failures.toOrigin(what, failure));
        } catch (SdkException | KnownCredentials.Failure e) {
            throw failures.toOrigin(what, e);
        }
    }

    /** Servers that ignore {@code If-Match} or {@code Range} are found out by their answer. */
    private static void check(String what, FileVersion version, ByteRange range, GetObjectResponse answer)
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
        S3Upload.Target _ = target(key);
        return PartwiseUpload.lazy(this, key, S3Upload.MINIMUM_PART_BYTES);
    }

    @Override
    public ObjectStatus put(ObjectKey key, ByteBuffer content) throws IOException {
        return S3Upload.put(target(key), content);
    }

    @Override
    public SharedUpload begin(ObjectKey key, long partBytes) throws IOException {
        return S3Upload.begin(target(key));
    }

    @Override
    public SharedUpload resume(ObjectKey key, String token) throws IOException {
        return new S3Upload(target(key), token);
    }

    private S3Upload.Target target(ObjectKey key) throws IOException {
        String fullKey = location.fullKey(key)
                .filter(text -> !key.bytes().isEmpty())
                .orElseThrow(() -> new OriginException.Refused(
                        Refusal.BAD_REQUEST,
                        "no object of S3 can be called \"" + key + "\": keys are UTF-8, 1 to 1024 bytes"));
        return new S3Upload.Target(this, session.client(), failures, location.bucket(), fullKey, key);
    }

    @Override
    public void delete(ObjectKey key) throws IOException {
        Optional<String> fullKey = location.fullKey(key);
        if (key.bytes().isEmpty() || fullKey.isEmpty()) {
            return;
        }
        S3Client client = session.client();
        try {
            client.deleteObject(ask -> ask.bucket(location.bucket()).key(fullKey.get()));
        } catch (SdkException | KnownCredentials.Failure e) {
            IOException failure = failures.toOrigin("deleting " + location.describe(key), e);
            if (!(failure instanceof OriginException.NotFound)) {
                throw failure;
            }
        }
    }

    private static ObjectStatus status(ObjectKey key, long length, Instant modified, String tag) {
        return new ObjectStatus(key, length, modified, entityTag(tag));
    }

    /** Some servers leave out the quotes in listings. */
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
