package io.headrace.worker;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;

/** What a caller wants: the bytes {@code range} of {@code version}, and why. */
record RangeRequest(FileVersion version, ByteRange range, FetchReason reason) {
    RangeRequest {
        if (range.isEmpty() || !version.wholeFile().contains(range)) {
            throw new IllegalArgumentException("not a range of " + version + ": " + range);
        }
    }

    ByteRange from(long position) {
        return ByteRange.between(position, range.end());
    }
}
