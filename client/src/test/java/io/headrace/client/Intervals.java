package io.headrace.client;

import io.headrace.protocol.ByteRange;
import java.util.Map;
import java.util.TreeMap;

/** A set of bytes. */
final class Intervals {
    private final TreeMap<Long, Long> endsByStart = new TreeMap<>();

    /** Adds a range; how many of its bytes were in the set before. */
    long add(ByteRange range) {
        long present = overlap(range);
        long start = range.offset();
        long end = range.end();
        Map.Entry<Long, Long> before = endsByStart.floorEntry(end);
        while (before != null && before.getValue() >= start) {
            start = Math.min(start, before.getKey());
            end = Math.max(end, before.getValue());
            endsByStart.remove(before.getKey());
            before = endsByStart.floorEntry(end);
        }
        endsByStart.put(start, end);
        return present;
    }

    long overlap(ByteRange range) {
        long bytes = 0;
        Map.Entry<Long, Long> each = endsByStart.lowerEntry(range.end());
        while (each != null && each.getValue() > range.offset()) {
            bytes += Math.min(each.getValue(), range.end()) - Math.max(each.getKey(), range.offset());
            each = endsByStart.lowerEntry(each.getKey());
        }
        return bytes;
    }

    long bytes() {
        return endsByStart.entrySet().stream()
                .mapToLong(each -> each.getValue() - each.getKey())
                .sum();
    }

    long bytesIn(Intervals that) {
        return endsByStart.entrySet().stream()
                .mapToLong(each -> that.overlap(ByteRange.between(each.getKey(), each.getValue())))
                .sum();
    }
}
