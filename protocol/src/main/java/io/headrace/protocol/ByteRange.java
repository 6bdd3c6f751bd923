package io.headrace.protocol;

/** The bytes {@code [offset, offset + length)} of a file. */
public record ByteRange(long offset, long length) {
    public ByteRange {
        if (offset < 0 || length < 0 || offset + length < 0) {
            throw new IllegalArgumentException("not a byte range: offset " + offset + ", length " + length);
        }
    }

    public static ByteRange between(long start, long end) {
        return new ByteRange(start, end - start);
    }

    public long end() {
        return offset + length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    public boolean contains(ByteRange that) {
        return that.offset >= offset && that.end() <= end();
    }

    /** The part of this range inside {@code bounds}; empty, at the nearer end of {@code bounds}, when there is none. */
    public ByteRange clippedTo(ByteRange bounds) {
        long start = Math.clamp(offset, bounds.offset, bounds.end());
        return between(start, Math.clamp(end(), start, bounds.end()));
    }

    @Override
    public String toString() {
        return "[" + offset + ", " + end() + ")";
    }
}
