package io.headrace.testing.oss;

import io.headrace.protocol.ObjectKey;
import io.headrace.testing.oss.OssExchange.FilePart;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Does what requests ask, where they may. */
record OssService(OssServerOptions options, Map<String, Bucket> buckets, PendingUploads uploads, OssTraffic traffic) {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
    private static final Map<String, String> XML = Map.of("Content-Type", "application/xml");

    /** Bytes {@code [from, to)}. */
    private record Range(long from, long to) {}

    void handle(OssExchange exchange) throws IOException, OssRefusal {
        OssRequest request = exchange.request();
        Optional<OssIdentity> identity = new OssSignature(options).check(request);
        OssOperation operation = request.operation();
        traffic.asked(operation, request.key());
        Bucket bucket = buckets.get(request.bucket());
        if (bucket == null) {
            throw new OssRefusal(
                    404,
                    "NoSuchBucket",
                    "The specified bucket does not exist.",
                    Xml.element("BucketName", request.bucket()));
        }
        authorize(operation, identity);
        switch (operation) {
            case LIST_OBJECTS -> replyXml(exchange, new BucketListing(bucket, request).toXml());
            case GET_BUCKET_INFO -> replyXml(exchange, bucketInfo(bucket));
            case GET_BUCKET_LOCATION ->
                replyXml(exchange, Xml.element("LocationConstraint", "oss-" + options.region()));
            case GET_OBJECT -> get(exchange, bucket);
            case HEAD_OBJECT -> head(exchange, bucket);
            case PUT_OBJECT -> put(exchange, bucket);
            case DELETE_OBJECT -> {
                bucket.remove(request.key());
                exchange.reply(204, Map.of(), new byte[0]);
            }
            case INITIATE_UPLOAD -> replyXml(exchange, initiated(request));
            case UPLOAD_PART -> uploadPart(exchange);
            case COMPLETE_UPLOAD -> complete(exchange, bucket);
            case ABORT_UPLOAD -> {
                uploads.abort(request);
                exchange.reply(204, Map.of(), new byte[0]);
            }
        }
    }

    private void authorize(OssOperation operation, Optional<OssIdentity> identity) throws OssRefusal {
        if (identity.isEmpty() && (operation.writes() || !options.publicRead())) {
            throw OssRefusal.accessDenied("You have no right to access this object because of bucket acl.");
        }
        if (identity.isPresent()) {
            boolean allowed = switch (identity.get().access()) {
                case ALL -> true;
                case READ -> !operation.writes();
                case NONE -> false;
            };
            if (!allowed) {
                throw OssRefusal.accessDenied("You have no right to access this object.");
            }
        }
    }

    private String bucketInfo(Bucket bucket) {
        return "<BucketInfo><Bucket>"
                + Xml.element("Name", bucket.name())
                + Xml.element("Location", "oss-" + options.region())
                + Xml.element("Region", options.region())
                + "<StorageClass>Standard</StorageClass><Versioning>Suspended</Versioning></Bucket></BucketInfo>";
    }

    private static void replyXml(OssExchange exchange, String xml) throws IOException {
        exchange.reply(200, XML, xml.getBytes(StandardCharsets.UTF_8));
    }

    private static void get(OssExchange exchange, Bucket bucket) throws IOException, OssRefusal {
        StoredObject object = find(exchange.request(), bucket);
        try (FileChannel file = FileChannel.open(object.file())) {
            if (!StoredObject.of(object.file()).equals(object)) {
                throw new OssRefusal(503, "ServiceUnavailable", "The object was replaced just now.");
            }
            Map<String, String> headers = headers(object);
            Optional<Range> range = range(exchange.request(), object.length());
            if (range.isEmpty()) {
                exchange.replyFile(200, headers, new FilePart(file, 0, object.length()));
                return;
            }
            Range wanted = range.get();
            headers.put("Content-Range", "bytes " + wanted.from() + "-" + (wanted.to() - 1) + "/" + object.length());
            exchange.replyFile(206, headers, new FilePart(file, wanted.from(), wanted.to() - wanted.from()));
        } catch (NoSuchFileException deletedMeanwhile) {
            throw OssRefusal.noSuchKey();
        }
    }

    private static void head(OssExchange exchange, Bucket bucket) throws IOException, OssRefusal {
        StoredObject object = find(exchange.request(), bucket);
        exchange.replyHead(headers(object), object.length());
    }

    private static StoredObject find(OssRequest request, Bucket bucket) throws IOException, OssRefusal {
        StoredObject object = bucket.find(request.key()).orElseThrow(OssRefusal::noSuchKey);
        Optional<String> wanted = request.header("if-match");
        if (wanted.isPresent() && !bare(wanted.get()).equals(bare(object.tag()))) {
            throw new OssRefusal(
                    412,
                    "PreconditionFailed",
                    "At least one of the pre-conditions you specified did not hold.",
                    "<Condition>If-Match</Condition>");
        }
        Optional<String> known = request.header("if-none-match");
        if (known.isPresent() && bare(known.get()).equals(bare(object.tag()))) {
            throw new OssRefusal(304, "NotModified", "The object was not modified.");
        }
        return object;
    }

    private static String bare(String tag) {
        return tag.replace("\"", "");
    }

    private static Map<String, String> headers(StoredObject object) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/octet-stream");
        headers.put("Accept-Ranges", "bytes");
        headers.put("ETag", object.tag());
        headers.put(
                "Last-Modified",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(object.modified().atZone(ZoneOffset.UTC)));
        headers.put("x-oss-object-type", "Normal");
        headers.put("x-oss-storage-class", "Standard");
        return headers;
    }

    /**
     * OSS sends the whole object for a range that it cannot serve as it stands, and keeps to RFC 9110 only when the
     * request says so. https://www.alibabacloud.com/help/en/oss/developer-reference/getobject
     */
    private static Optional<Range> range(OssRequest request, long length) throws OssRefusal {
        Matcher matcher = RANGE.matcher(request.header("range").orElse(""));
        if (!matcher.matches()
                || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
            return Optional.empty();
        }
        boolean standard = request.header("x-oss-range-behavior")
                .filter("standard"::equals)
                .isPresent();
        long from;
        long to = length;
        if (matcher.group(1).isEmpty()) {
            from = length - Long.parseLong(matcher.group(2));
        } else {
            from = Long.parseLong(matcher.group(1));
            to = matcher.group(2).isEmpty() ? length : Long.parseLong(matcher.group(2)) + 1;
        }
        if (to < from + 1 && from < length) {
            return Optional.empty();
        }
        boolean fits = from >= 0 && from < length && to <= length;
        if (fits) {
            return Optional.of(new Range(from, to));
        }
        if (!standard) {
            return Optional.empty();
        }
        if (from >= length) {
            throw new OssRefusal(
                    416,
                    "InvalidRange",
                    "The requested range cannot be satisfied.",
                    Xml.element("ActualObjectSize", String.valueOf(length)));
        }
        return Optional.of(new Range(Math.max(0, from), Math.min(length, to)));
    }

    private void put(OssExchange exchange, Bucket bucket) throws IOException, OssRefusal {
        ObjectKey key = exchange.request().key();
        byte first = key.bytes().at(0);
        if (key.bytes().length() > 1023
                || first == '/'
                || first == '\\'
                || !key.bytes().isUtf8()) {
            throw new OssRefusal(400, "InvalidObjectName", "The specified object is not valid.");
        }
        Path file = save(exchange);
        String tag = StoredObject.of(file).tag();
        bucket.put(key, file);
        exchange.reply(200, Map.of("ETag", tag), new byte[0]);
    }

    private Path save(OssExchange exchange) throws IOException, OssRefusal {
        Path file = uploads.newFile();
        try {
            exchange.saveBody(file);
            return file;
        } catch (IOException | OssRefusal e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private String initiated(OssRequest request) {
        return "<InitiateMultipartUploadResult>"
                + Xml.element("Bucket", request.bucket())
                + Xml.element("Key", request.key().toString())
                + Xml.element("UploadId", uploads.begin(request))
                + "</InitiateMultipartUploadResult>";
    }

    private void uploadPart(OssExchange exchange) throws IOException, OssRefusal {
        Path file = save(exchange);
        try {
            String tag = StoredObject.of(file).tag();
            uploads.addPart(exchange.request(), file);
            exchange.reply(200, Map.of("ETag", tag), new byte[0]);
        } catch (OssRefusal e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private void complete(OssExchange exchange, Bucket bucket) throws IOException, OssRefusal {
        OssRequest request = exchange.request();
        Path whole = uploads.complete(request, exchange.body());
        String tag = StoredObject.of(whole).tag();
        bucket.put(request.key(), whole);
        replyXml(
                exchange,
                "<CompleteMultipartUploadResult>"
                        + Xml.element("Bucket", request.bucket())
                        + Xml.element("Key", request.key().toString())
                        + Xml.element("ETag", tag)
                        + "</CompleteMultipartUploadResult>");
    }
}
