package io.headrace.protocol.local;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.FileVersion;

/** What a client says on the socket, after HELLO. Each is answered before the next is read. */
public sealed interface LeaseRequest {
    /** Files of up to this length lie packed with others, and are lent by no worker. */
    long MOST_PACKED_BYTES = 1 << 20;

    /** As in the block protocol: 64 TiB. */
    long MOST_FILE_BYTES = 1L << 46;

    /**
     * Lend the file that has this block, or say which blocks the file lent before has now.
     *
     * @param block index in the file
     */
    record OpenLocal(FileVersion version, int block) implements LeaseRequest {
        public OpenLocal {
            if (block < 0 || version.lengthBytes() > MOST_FILE_BYTES || block >= Blocks.count(version.lengthBytes())) {
                throw new IllegalArgumentException("no block of " + version + ": " + block);
            }
        }
    }

    /** The client has neither descriptor nor mapping of the file any more. */
    record Release(int lease) implements LeaseRequest {}
}
