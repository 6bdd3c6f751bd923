package io.headrace.storage.http;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.protocol.VersionTag.ModificationTag;
import io.headrace.storage.BodyChannel;
import io.headrace.storage.ContentRange;
import io.headrace.storage.InterruptibleCall;
import io.headrace.storage.ListingPage;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.ObjectUpload;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreCapabilities;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpHead;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of a web server. A version is length and strong entity tag, or modification time; a read asks for it by
 * {@code If-Match} or {@code If-Unmodified-Since}, and the answer's own validators are compared, as many servers ignore
 * these.
 */
final class HttpStore implements UnderStore {
    private static final UnderStoreCapabilities CAPABILITIES =
            new UnderStoreCapabilities(false, false, false, false, false);
    private static final int CONCURRENT_HEADS = 16;
    private static final int MOST_INDEX_BYTES = 64 << 20;

    private static final Logger log = LoggerFactory.getLogger(HttpStore.class);

    private final HttpLocation location;
    private final HttpSession session;
    private final HttpFailures failures;
    private final HttpListing listing;
    private volatile Optional<Boolean> isFile = Optional.empty();

    HttpStore(HttpLocation location, HttpSession session) {
        this.location = location;
        this.session = session;
        this.failures = new HttpFailures(session);
        this.listing = new HttpListing(this, location);
        if (location.surelyFolder()) {
            isFile = Optional.of(false);
        }
    }

    @Override
    public URI location() {
        return location.base();
    }

    @Override
    public UnderStoreCapabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public ListingPage list(ListingRequest request) throws IOException {
        if (request.startAfter().isPresent()) {
            throw new UnsupportedOperationException("web servers do not list behind a key");
        }
        return listing.list(request);
    }

    /** Whether the location itself is a file, and not a folder: asked of the server once. */
    boolean isFile() throws IOException {
        if (isFile.isEmpty()) {
            isFile = Optional.of(status(location.base(), location.fileName()).isPresent());
        }
        return isFile.orElseThrow();
    }

    private URI address(ObjectKey key) throws IOException {
        return isFile() ? location.base() : location.object(key);
    }

    @Override
    public Optional<ObjectStatus> head(ObjectKey key) throws IOException {
        if (!HttpLocation.isInside(key) || (isFile() && !key.equals(location.fileName()))) {
            return Optional.empty();
        }
        return status(address(key), key);
    }

    private Optional<ObjectStatus> status(URI address, ObjectKey key) throws IOException {
        String what = "looking up " + address;
        HttpHead request = new HttpHead(address);
        HttpClientContext context = HttpClientContext.create();
        try (ClassicHttpResponse answer = execute(request, context)) {
            if (answer.getCode() == HttpStatus.SC_NOT_FOUND || answer.getCode() == HttpStatus.SC_GONE) {
                return Optional.empty();
            }
            if (isFolder(address, context, answer)) {
                return Optional.empty();
            }
            if (answer.getCode() != HttpStatus.SC_OK) {
                throw failures.ofStatus(what, answer);
            }
            refuseEncoded(what, answer);
            long length = Validators.contentLength(answer)
                    .orElseThrow(
                            () -> new OriginException.Refused(
                                    Refusal.BAD_REQUEST,
                                    what
                                            + ": the server does not say the file's length (Content-Length). Serve it as a plain file"));
            return Optional.of(Validators.of(what, answer).status(key, length));
        } catch (IOException e) {
            throw failures.toOrigin(what, e);
        }
    }

    /** A folder's name without its slash is answered by a redirect to the name with it. */
    private static boolean isFolder(URI address, HttpClientContext context, HttpResponse answer) {
        boolean slashAdded = context.getRedirectLocations() != null
                && context.getRedirectLocations().getAll().stream()
                        .anyMatch(uri -> uri.getRawPath().equals(address.getRawPath() + "/"));
        return slashAdded && !answer.containsHeader(HttpHeaders.ACCEPT_RANGES);
    }

    /** The statuses of all of these, asked for a few at a time; the first failure is thrown. */
    List<Optional<ObjectStatus>> headAll(List<ObjectKey> keys) throws IOException {
        List<Optional<ObjectStatus>> statuses = new ArrayList<>(keys.size());
        try (ExecutorService threads = Executors.newFixedThreadPool(
                Math.clamp(keys.size(), 1, CONCURRENT_HEADS),
                Thread.ofVirtual().name("headrace-http-head-", 0).factory())) {
            List<Future<Optional<ObjectStatus>>> asked =
                    keys.stream().map(key -> threads.submit(() -> head(key))).toList();
            try {
                for (Future<Optional<ObjectStatus>> status : asked) {
                    statuses.add(status.get());
                }
            } catch (ExecutionException e) {
                threads.shutdownNow();
                throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
            } catch (InterruptedException e) {
                threads.shutdownNow();
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted as " + location.base() + " was listed");
            }
        }
        return statuses;
    }

    /** A small text file; empty when there is none. */
    Optional<String> text(URI address, String doing) throws IOException {
        String what = doing + " " + address;
        HttpGet request = new HttpGet(address);
        try {
            return InterruptibleCall.within(session.answerTimeout(), () -> readText(what, request), request::cancel);
        } catch (IOException e) {
            throw failures.toOrigin(what, e);
        }
    }

    private Optional<String> readText(String what, HttpGet request) throws IOException {
        try (ClassicHttpResponse answer = send(request, HttpClientContext.create())) {
            if (answer.getCode() == HttpStatus.SC_NOT_FOUND || answer.getCode() == HttpStatus.SC_GONE) {
                return Optional.empty();
            }
            HttpEntity entity = answer.getEntity();
            if (answer.getCode() != HttpStatus.SC_OK || entity == null) {
                throw failures.ofStatus(what, answer);
            }
            try (InputStream body = entity.getContent()) {
                byte[] bytes = body.readNBytes(MOST_INDEX_BYTES);
                if (bytes.length == MOST_INDEX_BYTES) {
                    throw new OriginException.Refused(
                            Refusal.BAD_REQUEST,
                            what + ": the index has over " + MOST_INDEX_BYTES
                                    + " bytes. Mount folders below it one by one");
                }
                return Optional.of(new String(bytes, StandardCharsets.UTF_8));
            }
        }
    }

    @Override
    public ReadableByteChannel open(FileVersion version, ByteRange range) throws IOException {
        if (!HttpLocation.isInside(version.key())) {
            throw new OriginException.NotFound("a web server has no file \"" + version.key() + "\"");
        }
        URI address = address(version.key());
        String what = "reading " + address + " " + range;
        HttpGet request = new HttpGet(address);
        request.setHeader(HttpHeaders.RANGE, "bytes=" + range.offset() + "-" + (range.end() - 1));
        switch (version.tag()) {
            case EntityTag(String value) -> request.setHeader(HttpHeaders.IF_MATCH, value);
            case ModificationTag(long nanos, long _) ->
                request.setHeader(
                        HttpHeaders.IF_UNMODIFIED_SINCE, DateUtils.formatStandardDate(Instant.EPOCH.plusNanos(nanos)));
        }
        try {
            ClassicHttpResponse answer = execute(request, HttpClientContext.create());
            HttpEntity entity = answer.getEntity();
            try {
                check(what, version, range, answer);
                if (entity == null) {
                    throw new OriginException.Unavailable(what + ": the answer has no body");
                }
            } catch (OriginException e) {
                drop(answer);
                throw e;
            }
            BodyChannel.Body body = new BodyChannel.Body(entity.getContent(), range.length(), () -> drop(answer));
            return new BodyChannel(what, body, failure -> failures.toOrigin(what, failure));
        } catch (IOException e) {
            throw failures.toOrigin(what, e);
        }
    }

    /** Closes the connection, too: the rest of the body is not wanted. */
    private static void drop(ClassicHttpResponse answer) {
        try {
            answer.close();
        } catch (IOException alreadyBroken) {
            log.debug("a connection broke as it was closed", alreadyBroken);
        }
    }

    private void check(String what, FileVersion version, ByteRange range, HttpResponse answer) throws OriginException {
        if (answer.getCode() != HttpStatus.SC_PARTIAL_CONTENT && answer.getCode() != HttpStatus.SC_OK) {
            throw failures.ofStatus(what, answer);
        }
        refuseEncoded(what, answer);
        if (!Validators.of(what, answer).tag().equals(version.tag())) {
            throw new OriginException.VersionChanged(what + ": the file was replaced. Open it again");
        }
        Optional<String> contentRange = answer.getCode() == HttpStatus.SC_OK
                ? Optional.empty()
                : Validators.header(answer, HttpHeaders.CONTENT_RANGE);
        new ContentRange(contentRange, Validators.contentLength(answer)).check(what, version, range);
    }

    private static void refuseEncoded(String what, HttpResponse answer) throws OriginException {
        Optional<String> encoding = Validators.header(answer, HttpHeaders.CONTENT_ENCODING)
                .filter(value -> !value.equalsIgnoreCase("identity"));
        if (encoding.isPresent()) {
            throw new OriginException.Refused(
                    Refusal.BAD_REQUEST,
                    what + ": the server compresses the answer (" + encoding.get()
                            + ") although it was asked not to. Turn compression off for these files");
        }
    }

    private ClassicHttpResponse execute(HttpUriRequestBase request, HttpClientContext context) throws IOException {
        return InterruptibleCall.within(session.answerTimeout(), () -> send(request, context), request::cancel);
    }

    private ClassicHttpResponse send(HttpUriRequestBase request, HttpClientContext context) throws IOException {
        request.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
        ClassicHttpResponse answer = session.client().executeOpen(null, request, context);
        session.answered();
        return answer;
    }

    @Override
    public ObjectUpload create(ObjectKey key) {
        throw new UnsupportedOperationException("web servers are read only");
    }

    @Override
    public void delete(ObjectKey key) {
        throw new UnsupportedOperationException("web servers are read only");
    }

    @Override
    public void close() {
        session.close();
    }

    @Override
    public String toString() {
        return location.base().toString();
    }
}
