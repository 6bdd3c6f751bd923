package io.headrace.master.catalog;

import java.nio.ByteBuffer;

/** Files, directories and bytes of one mount. */
record Totals(long files, long directories, long bytes) {
    static final Totals NONE = new Totals(0, 0, 0);

    byte[] encode() {
        return ByteBuffer.allocate(3 * Long.BYTES)
                .putLong(files)
                .putLong(directories)
                .putLong(bytes)
                .array();
    }

    static Totals decode(byte[] encoded) {
        ByteBuffer in = ByteBuffer.wrap(encoded);
        return new Totals(in.getLong(), in.getLong(), in.getLong());
    }
}
