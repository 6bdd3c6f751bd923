package io.headrace.client;

import io.headrace.protocol.ByteRange;
import java.nio.ByteBuffer;
import java.util.List;

/** Fetches nothing ahead. */
final class NoReadAhead implements ReadAhead {
    @Override
    public List<ByteRange> observe(ByteRange read) {
        return List.of();
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
        return "off";
    }
}
