package io.headrace.master.jobs;

import java.util.Optional;

/**
 * How files are cut into parts: S3 and OSS take 10 000 of each object at most
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html), and a worker holds a part in memory.
 */
final class PartSizes {
    /** A file up to this is no more than one request. */
    static final long SMALLEST = 8 << 20;

    static final int PARTS_A_TASK = 4;

    private static final long LARGEST = 64 << 20;
    private static final int MOST_PARTS = 10_000;

    static final long LARGEST_FILE = LARGEST * MOST_PARTS;

    private PartSizes() {}

    /** The length of each part but the last; empty when the file is too large. */
    static Optional<Long> of(long fileBytes) {
        long bytes = SMALLEST;
        while (bytes * MOST_PARTS < fileBytes) {
            bytes *= 2;
        }
        return bytes > LARGEST ? Optional.empty() : Optional.of(bytes);
    }

    static int count(long fileBytes, long partBytes) {
        return Math.toIntExact((fileBytes + partBytes - 1) / partBytes);
    }
}
