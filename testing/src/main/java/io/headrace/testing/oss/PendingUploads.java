package io.headrace.testing.oss;

import io.headrace.protocol.ObjectKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Uploads in parts that are neither completed nor aborted, and the files that uploads make; thread-safe. */
final class PendingUploads {
    private static final Pattern PART = Pattern.compile("<Part>(.*?)</Part>", Pattern.DOTALL);
    private static final Pattern NUMBER = Pattern.compile("<PartNumber>\\s*(\\d{1,5})\\s*</PartNumber>");
    private static final Pattern TAG = Pattern.compile("<ETag>\\s*(?:&quot;|&#34;|\")?([0-9A-Fa-f]+)");
    /** https://www.alibabacloud.com/help/en/oss/user-guide/limits */
    private static final long LEAST_PART_BYTES = 100 << 10;

    private final Path folder;
    private final Map<String, Upload> uploads = new ConcurrentHashMap<>();

    private record Upload(String bucket, ObjectKey key, SortedMap<Integer, Path> parts) {}

    PendingUploads(Path folder) {
        this.folder = folder;
    }

    int count() {
        return uploads.size();
    }

    /** The name of a new file, which does not exist yet. */
    Path newFile() {
        return folder.resolve(UUID.randomUUID().toString());
    }

    String begin(OssRequest request) {
        String id = UUID.randomUUID().toString().replace("-", "");
        uploads.put(id, new Upload(request.bucket(), request.key(), new TreeMap<>()));
        return id;
    }

    void addPart(OssRequest request, Path file) throws IOException, OssRefusal {
        Upload upload = find(request);
        String number = request.parameter("partNumber").map(Object::toString).orElse("");
        if (!number.matches("[1-9]\\d{0,4}") || Integer.parseInt(number) > 10_000) {
            throw OssRefusal.invalidArgument("Part number must be an integer between 1 and 10000.");
        }
        Optional<Path> before;
        synchronized (upload) {
            before = Optional.ofNullable(upload.parts().put(Integer.parseInt(number), file));
        }
        if (before.isPresent()) {
            Files.deleteIfExists(before.get());
        }
    }

    /** Joins the parts that the body names. */
    Path complete(OssRequest request, byte[] body) throws IOException, OssRefusal {
        Upload upload = find(request);
        synchronized (upload) {
            Path whole = newFile();
            try (FileChannel target =
                    FileChannel.open(whole, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                for (Path part : named(upload, new String(body, StandardCharsets.UTF_8))) {
                    try (FileChannel source = FileChannel.open(part)) {
                        long size = source.size();
                        for (long at = 0; at < size; ) {
                            at += source.transferTo(at, size - at, target);
                        }
                    }
                }
            }
            abort(request);
            return whole;
        }
    }

    private static List<Path> named(Upload upload, String xml) throws IOException, OssRefusal {
        List<Path> parts = new ArrayList<>();
        int last = 0;
        for (Matcher part = PART.matcher(xml); part.find(); ) {
            Matcher number = NUMBER.matcher(part.group(1));
            Matcher tag = TAG.matcher(part.group(1));
            if (!number.find() || !tag.find()) {
                throw new OssRefusal(400, "MalformedXML", "The XML you provided was not well-formed.");
            }
            if (Integer.parseInt(number.group(1)) <= last) {
                throw new OssRefusal(400, "InvalidPartOrder", "The list of parts was not in ascending order.");
            }
            last = Integer.parseInt(number.group(1));
            Path file = upload.parts().get(last);
            if (file == null || !StoredObject.of(file).tag().equalsIgnoreCase('"' + tag.group(1) + '"')) {
                throw new OssRefusal(400, "InvalidPart", "One or more of the specified parts could not be found.");
            }
            if (!parts.isEmpty() && Files.size(parts.getLast()) < LEAST_PART_BYTES) {
                throw new OssRefusal(
                        400, "EntityTooSmall", "Your proposed upload smaller than the minimum allowed size.");
            }
            parts.add(file);
        }
        if (parts.isEmpty()) {
            throw new OssRefusal(400, "MalformedXML", "The XML you provided names no part.");
        }
        return parts;
    }

    void abort(OssRequest request) throws IOException, OssRefusal {
        Upload upload = find(request);
        uploads.values().remove(upload);
        synchronized (upload) {
            for (Path part : upload.parts().values()) {
                Files.deleteIfExists(part);
            }
        }
    }

    private Upload find(OssRequest request) throws OssRefusal {
        Upload upload =
                uploads.get(request.parameter("uploadId").map(Object::toString).orElse(""));
        if (upload == null
                || !upload.bucket().equals(request.bucket())
                || !upload.key().equals(request.key())) {
            throw new OssRefusal(404, "NoSuchUpload", "The specified upload does not exist.");
        }
        return upload;
    }
}
