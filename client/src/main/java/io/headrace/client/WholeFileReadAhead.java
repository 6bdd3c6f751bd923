package io.headrace.client;

import io.headrace.protocol.ByteRange;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** For small files: everything at the first read. */
final class WholeFileReadAhead implements ReadAhead {
    private final long lengthBytes;
    private final AtomicBoolean planned = new AtomicBoolean();

    WholeFileReadAhead(long lengthBytes) {
        this.lengthBytes = lengthBytes;
    }

    @Override
    public List<ByteRange> observe(ByteRange read) {
        if (planned.get() || !planned.compareAndSet(false, true)) {
            return List.of();
        }
        boolean readWhole = read.offset() == 0 && read.end() >= lengthBytes;
        return readWhole ? List.of() : List.of(new ByteRange(0, lengthBytes));
    }

    @Override
    public List<ByteRange> inspectHeader(ByteBuffer head) {
        return List.of();
    }

    @Override
    public ByteRange wantedHeader() {
        return NO_BYTES;
    }

    @Override
    public String describe() {
        return "whole file (small)";
    }
}
