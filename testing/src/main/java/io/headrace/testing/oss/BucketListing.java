package io.headrace.testing.oss;

import io.headrace.protocol.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One page of ListObjectsV2.
 * https://www.alibabacloud.com/help/en/oss/developer-reference/listobjects-v2
 */
final class BucketListing {
    private static final int MOST_KEYS = 1000;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Bucket bucket;
    private final OssRequest request;
    private final Bytes prefix;
    private final Bytes delimiter;
    private final int mostKeys;
    private final boolean escape;
    private final StringBuilder entries = new StringBuilder();
    private int count;
    private Optional<Bytes> next = Optional.empty();

    BucketListing(Bucket bucket, OssRequest request) throws OssRefusal {
        this.bucket = bucket;
        this.request = request;
        this.prefix = request.parameter("prefix").orElse(Bytes.EMPTY);
        this.delimiter = request.parameter("delimiter").orElse(Bytes.EMPTY);
        this.escape = request.parameter("encoding-type").isPresent();
        String most = request.parameter("max-keys").map(Bytes::toString).orElse("100");
        if (!most.matches("\\d{1,4}") || Integer.parseInt(most) > MOST_KEYS) {
            throw OssRefusal.invalidArgument("Argument max-keys must be an integer between 0 and 1000.");
        }
        this.mostKeys = Integer.parseInt(most);
    }

    String toXml() throws IOException, OssRefusal {
        collect(start());
        String token = request.parameter("continuation-token")
                .map(text -> Xml.element("ContinuationToken", text.toString()))
                .orElse("");
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult>"
                + Xml.element("Name", bucket.name())
                + Xml.element("Prefix", text(prefix))
                + Xml.element("MaxKeys", String.valueOf(mostKeys))
                + Xml.element("Delimiter", text(delimiter))
                + request.parameter("start-after")
                        .map(after -> Xml.element("StartAfter", text(after)))
                        .orElse("")
                + (escape ? "<EncodingType>url</EncodingType>" : "")
                + token
                + Xml.element("IsTruncated", String.valueOf(next.isPresent()))
                + next.map(key -> Xml.element("NextContinuationToken", token(key)))
                        .orElse("")
                + Xml.element("KeyCount", String.valueOf(count))
                + entries
                + "</ListBucketResult>";
    }

    private Iterable<Map.Entry<Bytes, Path>> start() throws OssRefusal {
        Bytes first = prefix;
        boolean inclusive = true;
        Optional<Bytes> after = request.parameter("start-after");
        if (request.parameter("continuation-token").isPresent()) {
            after = Optional.of(
                    fromToken(request.parameter("continuation-token").get()));
        }
        if (after.isPresent() && after.get().compareTo(first) >= 0) {
            first = after.get();
            inclusive = false;
            if (isRolledUp(first)) {
                first = behind(first);
                inclusive = true;
            }
        }
        return bucket.from(first, inclusive).entrySet();
    }

    private boolean isRolledUp(Bytes key) {
        return !delimiter.isEmpty() && key.length() > prefix.length() && key.equals(rollUp(key));
    }

    private void collect(Iterable<Map.Entry<Bytes, Path>> objects) throws IOException {
        Bytes last = Bytes.EMPTY;
        Bytes rolledUp = Bytes.EMPTY;
        for (Map.Entry<Bytes, Path> object : objects) {
            Bytes key = object.getKey();
            if (mostKeys == 0 || !key.startsWith(prefix)) {
                return;
            }
            if (!rolledUp.isEmpty() && key.startsWith(rolledUp)) {
                continue;
            }
            if (count == mostKeys) {
                next = Optional.of(last);
                return;
            }
            Bytes common = rollUp(key);
            if (!common.isEmpty()) {
                rolledUp = common;
                entries.append("<CommonPrefixes>")
                        .append(Xml.element("Prefix", text(common)))
                        .append("</CommonPrefixes>");
                count++;
                last = common;
            } else if (append(key, object.getValue())) {
                count++;
                last = key;
            }
        }
    }

    /** The key up to the first delimiter behind the prefix; empty when there is none. */
    private Bytes rollUp(Bytes key) {
        int end = key.length() - delimiter.length();
        for (int at = prefix.length(); !delimiter.isEmpty() && at <= end; at++) {
            if (key.slice(at, at + delimiter.length()).equals(delimiter)) {
                return key.slice(0, at + delimiter.length());
            }
        }
        return Bytes.EMPTY;
    }

    private boolean append(Bytes key, Path file) throws IOException {
        Optional<StoredObject> object = Bucket.status(file);
        object.ifPresent(status -> entries.append("<Contents>")
                .append(Xml.element("Key", text(key)))
                .append(Xml.element("LastModified", TIME.format(status.modified())))
                .append(Xml.element("ETag", status.tag()))
                .append("<Type>Normal</Type>")
                .append(Xml.element("Size", String.valueOf(status.length())))
                .append("<StorageClass>Standard</StorageClass></Contents>"));
        return object.isPresent();
    }

    private String text(Bytes bytes) {
        return escape ? UriText.encode(bytes, false) : bytes.toString();
    }

    private static String token(Bytes key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.toByteArray());
    }

    private static Bytes fromToken(Bytes token) throws OssRefusal {
        try {
            return Bytes.copyOf(Base64.getUrlDecoder().decode(token.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            throw OssRefusal.invalidArgument("The continuation token provided is incorrect.");
        }
    }

    /** The first key behind all that start with these bytes, which end with the delimiter and so not with 0xff. */
    private static Bytes behind(Bytes rolledUp) {
        byte[] bytes = rolledUp.toByteArray();
        bytes[bytes.length - 1]++;
        return Bytes.copyOf(bytes);
    }
}
