package io.headrace.cli.demo;

import java.nio.ByteBuffer;

/** Compares a file's bytes, told from its beginning to its end, with what they must be. */
final class ByteCheck {
    private static final int PIECE_BYTES = 64 << 10;

    private final ModelFile file;
    private final ByteBuffer expected = ByteBuffer.allocate(PIECE_BYTES);
    private long at;
    private long wrong;

    ByteCheck(ModelFile file) {
        this.file = file;
    }

    void next(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            int length = (int) Math.min(Math.min(bytes.remaining(), PIECE_BYTES), Math.max(0, file.lengthBytes() - at));
            if (length == 0) {
                wrong += bytes.remaining();
                at += bytes.remaining();
                return;
            }
            file.fill(at, expected.clear().limit(length));
            compare(bytes.slice(bytes.position(), length), expected.flip());
            bytes.position(bytes.position() + length);
            at += length;
        }
    }

    private void compare(ByteBuffer actual, ByteBuffer wanted) {
        if (actual.mismatch(wanted) < 0) {
            return;
        }
        while (actual.hasRemaining()) {
            wrong += actual.get() == wanted.get() ? 0 : 1;
        }
    }

    /** Bytes that differ, are too many, or are missing. */
    long wrongBytes() {
        return wrong + Math.max(0, file.lengthBytes() - at);
    }
}
