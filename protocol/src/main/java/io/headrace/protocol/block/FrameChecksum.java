package io.headrace.protocol.block;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC32C (RFC 3720, B.4), as everywhere in the protocol; of no bytes it is 0. */
public final class FrameChecksum {
    private FrameChecksum() {}

    /** Of the bytes {@code [from, to)}, absolute; nothing about the buffer changes. */
    public static int of(ByteBuffer bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(from, to - from));
        return (int) crc.getValue();
    }
}
