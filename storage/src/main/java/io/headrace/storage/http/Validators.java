package io.headrace.storage.http;

import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.protocol.VersionTag;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.protocol.VersionTag.ModificationTag;
import io.headrace.storage.ObjectStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpResponse;

/**
 * What an answer says of the file that it is from. The tag is a strong entity tag, or the second of the last modification
 * where the server has no strong one (RFC 9110, section 8.8).
 */
record Validators(VersionTag tag, Instant modified) {
    static Validators of(String what, HttpResponse answer) throws OriginException {
        Optional<Instant> modified = header(answer, HttpHeaders.LAST_MODIFIED).map(DateUtils::parseStandardDate);
        Optional<String> strong = header(answer, HttpHeaders.ETAG).filter(value -> value.startsWith("\""));
        if (strong.isPresent()) {
            return new Validators(new EntityTag(strong.get()), modified.orElse(Instant.EPOCH));
        }
        Instant second = modified.orElseThrow(() -> new OriginException.Refused(
                Refusal.BAD_REQUEST,
                what
                        + ": the server sends neither a strong ETag nor Last-Modified, so a changed file could not be noticed."
                        + " Turn one of them on at the server"));
        return new Validators(new ModificationTag(TimeUnit.SECONDS.toNanos(second.getEpochSecond()), 0), second);
    }

    ObjectStatus status(ObjectKey key, long lengthBytes) {
        return new ObjectStatus(key, lengthBytes, modified, tag);
    }

    static Optional<String> header(HttpResponse answer, String name) {
        return Optional.ofNullable(answer.getFirstHeader(name)).map(Header::getValue);
    }

    static Optional<Long> contentLength(HttpResponse answer) {
        return header(answer, HttpHeaders.CONTENT_LENGTH)
                .filter(value -> value.matches("\\d{1,18}"))
                .map(Long::parseLong);
    }
}
