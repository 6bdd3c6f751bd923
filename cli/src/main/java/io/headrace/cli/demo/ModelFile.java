package io.headrace.cli.demo;

import io.headrace.protocol.ByteRange;
import java.nio.ByteBuffer;
import java.util.List;

/** A file whose every byte is known without keeping it anywhere. Thread-safe. */
interface ModelFile {
    String name();

    long lengthBytes();

    /** What a loader reads, in its order; together the whole file. */
    List<ByteRange> parts();

    /** Fills what remains of the buffer with the bytes from {@code offset} on; they must be inside the file. */
    void fill(long offset, ByteBuffer target);
}
