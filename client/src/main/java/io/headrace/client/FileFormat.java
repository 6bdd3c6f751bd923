package io.headrace.client;

import java.util.Arrays;

/** What the first bytes tell of a file. Immutable. */
final class FileFormat {
    /** Where the header cannot be read: GGUF keeps metadata and vocabulary, some MiB, before its tensors. */
    static final long GGUF_DATA_START = 16 << 20;

    private final String name;
    private final long dataStart;
    private final long[] boundaries;

    /** @param boundaries where tensors start, ascending; empty when that is not known; not copied */
    private FileFormat(String name, long dataStart, long[] boundaries) {
        this.name = name;
        this.dataStart = dataStart;
        this.boundaries = boundaries;
    }

    /** Of which no more is known. */
    static FileFormat gguf() {
        return new FileFormat("GGUF", GGUF_DATA_START, new long[0]);
    }

    static FileFormat gguf(long dataStart, long[] boundaries) {
        return new FileFormat("GGUF", dataStart, boundaries);
    }

    static FileFormat safetensors(long dataStart, long[] boundaries) {
        return new FileFormat("safetensors", dataStart, boundaries);
    }

    /** As people call it. */
    String name() {
        return name;
    }

    /** Where what a loader is after begins. */
    long dataStart() {
        return dataStart;
    }

    boolean knowsTensors() {
        return boundaries.length > 0;
    }

    /** How many tensors start in {@code [from, to)}. */
    int startsWithin(long from, long to) {
        return indexFrom(to) - indexFrom(from);
    }

    /** Where the tensor ends that holds the byte at {@code offset}; {@code otherwise} when that is not known. */
    long tensorEnd(long offset, long otherwise) {
        int index = indexFrom(offset + 1);
        return index < boundaries.length ? boundaries[index] : otherwise;
    }

    /** The index of the first boundary at or behind {@code offset}. */
    private int indexFrom(long offset) {
        int found = Arrays.binarySearch(boundaries, offset);
        return found < 0 ? -found - 1 : found;
    }
}
