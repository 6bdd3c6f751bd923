package io.headrace.testing.oss;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The content of an object at a moment. The entity tag has the form of OSS's and is made of the file's inode, length and
 * modification time, so that big files need not be read to serve them; who replaces a file renames another over it.
 */
record StoredObject(Path file, long length, Instant modified, String tag) {
    static StoredObject of(Path file) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(file, "unix:ino,size,lastModifiedTime");
        long inode = ((Number) Objects.requireNonNull(attributes.get("ino"))).longValue();
        long length = ((Number) Objects.requireNonNull(attributes.get("size"))).longValue();
        FileTime modified = (FileTime) Objects.requireNonNull(attributes.get("lastModifiedTime"));
        long nanos = modified.to(TimeUnit.NANOSECONDS);
        String tag = String.format(Locale.ROOT, "\"%016X%016X\"", nanos, inode * 0x9E3779B97F4A7C15L ^ length);
        return new StoredObject(file, length, modified.toInstant().truncatedTo(ChronoUnit.SECONDS), tag);
    }
}
