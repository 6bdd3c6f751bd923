package io.headrace.testing.oss;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.ObjectKey;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One request, its body not yet read.
 *
 * @param bucket empty when none is named
 * @param query unescaped
 * @param headers by name in lower case
 */
record OssRequest(
        String method, String bucket, ObjectKey key, SortedMap<Bytes, Bytes> query, Map<String, String> headers) {
    /**
     * @param target path and query as they were sent
     * @param domains buckets by a domain of their own, in lower case
     */
    static OssRequest of(String method, String target, Map<String, String> headers, Map<String, String> domains)
            throws OssRefusal {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String host = headers.getOrDefault("host", "").replaceAll(":\\d+$", "");
        String hostBucket = domains.getOrDefault(host.toLowerCase(Locale.ROOT), bucketOfHost(host));
        String below = path.startsWith("/") ? path.substring(1) : path;
        String bucket = hostBucket;
        if (hostBucket.isEmpty()) {
            int slash = below.indexOf('/');
            bucket = slash < 0 ? below : below.substring(0, slash);
            below = slash < 0 ? "" : below.substring(slash + 1);
        }
        return new OssRequest(
                method,
                bucket,
                new ObjectKey(UriText.decode(below)),
                parseQuery(mark < 0 ? "" : target.substring(mark + 1)),
                headers);
    }

    /** Stands for a request whose path is no path. */
    static OssRequest unreadable(String method, Map<String, String> headers) {
        return new OssRequest(method, "", ObjectKey.of(""), new TreeMap<>(), headers);
    }

    /** What is before the first dot, unless the host is an address: {@code bucket.localhost}. */
    private static String bucketOfHost(String name) {
        int dot = name.indexOf('.');
        boolean address = name.matches("[0-9.]+") || name.startsWith("[");
        return dot < 0 || address ? "" : name.substring(0, dot);
    }

    private static SortedMap<Bytes, Bytes> parseQuery(String raw) throws OssRefusal {
        SortedMap<Bytes, Bytes> query = new TreeMap<>();
        for (String pair : raw.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                query.put(
                        UriText.decode(equals < 0 ? pair : pair.substring(0, equals)),
                        UriText.decode(equals < 0 ? "" : pair.substring(equals + 1)));
            }
        }
        return query;
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    Optional<Bytes> parameter(String name) {
        return Optional.ofNullable(query.get(Bytes.utf8(name)));
    }

    OssOperation operation() throws OssRefusal {
        boolean part = parameter("uploadId").isPresent();
        if (key.bytes().isEmpty()) {
            return switch (method) {
                case "GET" -> bucketOperation();
                default -> throw notAllowed();
            };
        }
        return switch (method) {
            case "GET" -> OssOperation.GET_OBJECT;
            case "HEAD" -> OssOperation.HEAD_OBJECT;
            case "PUT" -> part ? OssOperation.UPLOAD_PART : OssOperation.PUT_OBJECT;
            case "DELETE" -> part ? OssOperation.ABORT_UPLOAD : OssOperation.DELETE_OBJECT;
            case "POST" -> {
                if (!part && parameter("uploads").isEmpty()) {
                    throw notAllowed();
                }
                yield part ? OssOperation.COMPLETE_UPLOAD : OssOperation.INITIATE_UPLOAD;
            }
            default -> throw notAllowed();
        };
    }

    private OssOperation bucketOperation() throws OssRefusal {
        if (parameter("bucketInfo").isPresent()) {
            return OssOperation.GET_BUCKET_INFO;
        }
        if (parameter("location").isPresent()) {
            return OssOperation.GET_BUCKET_LOCATION;
        }
        if (parameter("list-type").filter(Bytes.utf8("2")::equals).isPresent()) {
            return OssOperation.LIST_OBJECTS;
        }
        throw new OssRefusal(501, "NotImplemented", "This server lists by list-type=2 only.");
    }

    private OssRefusal notAllowed() {
        return new OssRefusal(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
    }
}
