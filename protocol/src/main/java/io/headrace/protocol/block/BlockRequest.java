package io.headrace.protocol.block;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;

/** What a client asks on an open connection; answered in order. */
public sealed interface BlockRequest {
    /** The client's name for it, which the answer bears; any number. */
    long id();

    Opcode opcode();

    /**
     * Binds a number.
     *
     * @param file a number that is not bound on this connection; any
     */
    record Open(long id, int file, FileVersion version) implements BlockRequest {
        @Override
        public Opcode opcode() {
            return Opcode.OPEN;
        }
    }

    /** @param range not empty, at most {@value BlockProtocol#MOST_READ_BYTES} bytes, inside the file */
    record Read(long id, int file, ByteRange range, ReadTerms terms) implements BlockRequest {
        @Override
        public Opcode opcode() {
            return Opcode.READ;
        }
    }

    record Close(long id, int file) implements BlockRequest {
        @Override
        public Opcode opcode() {
            return Opcode.CLOSE;
        }
    }

    record Ping(long id) implements BlockRequest {
        @Override
        public Opcode opcode() {
            return Opcode.PING;
        }
    }
}
